/** The saved views that one may change: another name, other filters, for others too, or gone. */
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { $api, ApiProblem, invalidate } from "@/api";
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
import { nameFault } from "./save-view";
import { shortName, type View } from "./views";
import { words } from "./words";

interface Props {
  views: readonly View[];
  /** The filters of now. */
  query: string;
  onClose(): void;
}

export function ManageViews({ views, query, onClose }: Props) {
  const [editedId, setEditedId] = useState<string>();
  const [gone, setGone] = useState<View>();
  const remove = $api.useMutation("delete", "/api/v1/views/{id}");
  const edited = views.find(({ id }) => id === editedId);
  async function drop(view: View) {
    await remove.mutateAsync({ params: { path: { id: view.id } } });
    await invalidate("/api/v1/views");
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
                    <Button size="sm" onClick={() => setEditedId(view.id)}>
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
      {edited !== undefined && (
        <EditView key={edited.id} view={edited} query={query} onClose={() => setEditedId(undefined)} />
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

function EditView({ view, query, onClose }: { view: View; query: string; onClose(): void }) {
  const [name, setName] = useState(view.name);
  const [shared, setShared] = useState(view.shared);
  const [isReplaced, setReplaced] = useState(false);
  const change = $api.useMutation("patch", "/api/v1/views/{id}");
  const error: unknown = change.error;
  const fault = nameFault(error);
  async function save() {
    const body = {
      ...(name.trim() === view.name ? {} : { name: name.trim() }),
      ...(shared === view.shared ? {} : { shared }),
      ...(isReplaced ? { query } : {}),
    };
    try {
      if (Object.keys(body).length > 0) await change.mutateAsync({ params: { path: { id: view.id } }, body });
      toast.good(words.saved(name.trim()));
      void invalidate("/api/v1/views");
      onClose();
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={<bdi>{shortName(view)}</bdi>}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            variant="primary"
            busy={change.isPending}
            disabled={name.trim() === ""}
            onClick={() => void save()}
          >
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
        {error !== null && fault === undefined && <Problem error={error} />}
      </div>
    </Dialog>
  );
}
