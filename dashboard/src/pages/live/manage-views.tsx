/** The saved views that one may change: another name, other filters, for others too, or gone. */
import { Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { $api, optimistic, type Schemas } from "@/api";
import {
  Badge,
  Button,
  Checkbox,
  ConfirmDialog,
  Dialog,
  Field,
  Foreign,
  IconButton,
  Input,
  Problem,
  toast,
} from "@/ui";
import { problemText } from "@/ui/problem-text";
import { nameFault } from "./save-view";
import { shortName, type View } from "./views";
import { words } from "./words";

interface Props {
  views: readonly View[];
  /** The filters of now. */
  query: string;
  onClose(): void;
}

type Listed = Schemas["Listed_View"];
type Change = Schemas["ChangedView"];
type Changing = { params: { path: { id: string } }; body: Change };
type Removing = { params: { path: { id: string } } };

const LIST = "/api/v1/views";
const changing = optimistic<Listed, Changing>(LIST, (known, { params, body }) => ({
  ...known,
  items: known.items.map((view) => (view.id === params.path.id ? changed(view, body) : view)),
}));
const removing = optimistic<Listed, Removing>(LIST, (known, { params }) => ({
  ...known,
  items: known.items.filter(({ id }) => id !== params.path.id),
}));

function changed(view: View, { name, shared, query }: Change): View {
  return { ...view, name: name ?? view.name, shared: shared ?? view.shared, query: query ?? view.query };
}

/** What is being changed; after a refusal, with what was typed and why it was not taken. */
interface Edited {
  id: string;
  body?: Change;
  error?: unknown;
}

export function ManageViews({ views, query, onClose }: Props) {
  const [edit, setEdit] = useState<Edited>();
  const [gone, setGone] = useState<View>();
  const remove = $api.useMutation("delete", "/api/v1/views/{id}", removing);
  const change = $api.useMutation("patch", "/api/v1/views/{id}", changing);
  const edited = views.find(({ id }) => id === edit?.id);

  // Who closed the dialog meanwhile is told of a refusal as well.
  const isOpen = useRef(false);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);

  function drop(view: View) {
    remove.mutateAsync({ params: { path: { id: view.id } } }).catch((error: unknown) => {
      toast.bad(words.notDeleted(shortName(view)), problemText(error).text);
    });
  }

  async function save(view: View, body: Change) {
    setEdit(undefined);
    if (Object.keys(body).length === 0) return;
    try {
      toast.good(words.saved((await change.mutateAsync({ params: { path: { id: view.id } }, body })).name));
    } catch (error) {
      if (isOpen.current) setEdit({ id: view.id, body, error });
      else toast.bad(words.notChanged(shortName(view)), problemText(error).text);
    }
  }

  return (
    <>
      <Dialog
        open
        onClose={onClose}
        title={words.manageViews}
        footer={<Button onClick={onClose}>{words.close}</Button>}
      >
        {views.length === 0 ? (
          <p className="text-muted">{words.noViews}</p>
        ) : (
          <ul className="flex flex-col divide-y">
            {views.map((view) => (
              <li key={view.id} className="flex min-w-0 items-center gap-2 py-2">
                <span className="min-w-0 flex-1 truncate">
                  <Foreign max={100}>{view.name}</Foreign>
                </span>
                {view.shared && <Badge tone="neutral">{words.sharedView}</Badge>}
                {view.may_change ? (
                  <>
                    <Button size="sm" onClick={() => setEdit({ id: view.id })}>
                      {words.change}
                    </Button>
                    <IconButton
                      icon={Trash2}
                      size="sm"
                      label={words.deleteNamed(shortName(view))}
                      onClick={() => setGone(view)}
                    />
                  </>
                ) : (
                  <span className="text-12 text-muted">
                    <Foreign max={40}>{view.owner}</Foreign>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Dialog>
      {edit !== undefined && edited !== undefined && (
        <EditView
          key={edited.id}
          view={edited}
          query={query}
          refused={edit}
          onSave={(body) => void save(edited, body)}
          onClose={() => setEdit(undefined)}
        />
      )}
      {gone !== undefined && (
        <ConfirmDialog
          open
          danger
          onClose={() => setGone(undefined)}
          title={words.deleteTitle(shortName(gone))}
          body={words.deleteText}
          action={words.deleteView}
          onConfirm={() => drop(gone)}
        />
      )}
    </>
  );
}

interface EditViewProps {
  view: View;
  query: string;
  refused: Edited;
  onSave(body: Change): void;
  onClose(): void;
}

function EditView({ view, query, refused: { body, error }, onSave, onClose }: EditViewProps) {
  const [name, setName] = useState(body?.name ?? view.name);
  const [shared, setShared] = useState(body?.shared ?? view.shared);
  const [isReplaced, setReplaced] = useState(body?.query != null);
  const fault = nameFault(error);
  const save = () =>
    onSave({
      ...(name.trim() === view.name ? {} : { name: name.trim() }),
      ...(shared === view.shared ? {} : { shared }),
      ...(isReplaced ? { query } : {}),
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={<bdi>{shortName(view)}</bdi>}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button variant="primary" disabled={name.trim() === ""} onClick={save}>
            {words.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={words.viewName} error={fault}>
          <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Checkbox label={words.shareView} hint={words.shareHint} checked={shared} onChange={setShared} />
        {view.query !== query && (
          <Checkbox label={words.replace} checked={isReplaced} onChange={setReplaced} />
        )}
        {error !== undefined && fault === undefined && <Problem error={error} />}
      </div>
    </Dialog>
  );
}
