/** What is not saved yet, always in sight; before less is hidden than until now it asks. */
import { useState } from "react";
import { type ApiProblem, isProblem } from "@/api";
import { Button, Callout, ConfirmDialog, Dialog, Problem, Time, toast } from "@/ui";
import type { Change } from "./draft";
import type { Editing } from "./use-draft";
import { words } from "./words";

interface Props {
  editing: Editing;
  onRefused(problem: ApiProblem): void;
}

type Conflict = NonNullable<Awaited<ReturnType<Editing["save"]>>>;

export function SaveBar({ editing, onRefused }: Props) {
  const { unsaved } = editing;
  const [isBusy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [conflict, setConflict] = useState<Conflict>();
  const weakening = unsaved.filter((change) => change.weakens);

  async function save(overTheirs = false) {
    setAsks(false);
    setBusy(true);
    setProblem(undefined);
    try {
      const found = await editing.save({ overTheirs });
      setConflict(found);
      if (found === undefined) toast.good(words.saved);
    } catch (error) {
      setConflict(undefined);
      setProblem(error);
      if (isProblem(error)) onRefused(error);
    } finally {
      setBusy(false);
    }
  }

  if (unsaved.length === 0) return null;
  return (
    <section
      aria-label={words.unsaved(unsaved.length)}
      className="sticky bottom-0 z-10 -mx-1 mt-2 rounded-t-8 border border-line bg-popover p-3 shadow-popover lg:col-span-2"
    >
      {problem !== undefined && (
        <div className="mb-3">
          <Problem error={problem} />
        </div>
      )}
      <div className="flex flex-wrap items-start justify-between gap-3">
        <details className="min-w-0 flex-[1_1_14rem]">
          <summary className="min-h-6 py-1.5 font-medium">
            <span aria-live="polite">{words.unsaved(unsaved.length)}</span>
          </summary>
          <Changes changes={unsaved} />
        </details>
        <div className="flex gap-2">
          <Button variant="ghost" onClick={editing.discard} disabled={isBusy}>
            {words.discard}
          </Button>
          <Button
            variant="primary"
            busy={isBusy}
            onClick={() => (weakening.length > 0 ? setAsks(true) : void save())}
          >
            {words.save}
          </Button>
        </div>
      </div>
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        title={words.weakensTitle}
        body={
          <div className="grid gap-2">
            <Changes changes={weakening} />
            <p>{words.weakensBody}</p>
          </div>
        }
        action={words.weakensAction}
        danger
        onConfirm={() => save()}
      />
      {conflict !== undefined && (
        <ConflictDialog
          conflict={conflict}
          isBusy={isBusy}
          onClose={() => setConflict(undefined)}
          onTakeTheirs={() => {
            setConflict(undefined);
            editing.discard();
          }}
          onSaveMine={() => void save(true)}
        />
      )}
    </section>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <ul className="max-h-40 list-disc overflow-y-auto ps-5 text-12">
      {changes.map(({ text, weakens }) => (
        <li key={text} className={weakens ? "text-warn" : "text-muted"}>
          <bdi>{text}</bdi>
        </li>
      ))}
    </ul>
  );
}

interface ConflictProps {
  conflict: Conflict;
  isBusy: boolean;
  onClose(): void;
  onTakeTheirs(): void;
  onSaveMine(): void;
}

function ConflictDialog({ conflict, isBusy, onClose, onTakeTheirs, onSaveMine }: ConflictProps) {
  const { theirs, changes } = conflict;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.conflictTitle}
      description={words.conflictBody}
      footer={
        <>
          <Button onClick={onTakeTheirs} disabled={isBusy}>
            {words.takeTheirs}
          </Button>
          <Button variant="danger" onClick={onSaveMine} busy={isBusy}>
            {words.saveMine}
          </Button>
        </>
      }
    >
      <Callout tone="warn" title={words.conflictTheirs}>
        <p>
          <bdi>{theirs.updated_by}</bdi>
          {theirs.updated_at && (
            <>
              , <Time value={theirs.updated_at} style="relative" />
            </>
          )}
        </p>
        <Changes changes={changes} />
      </Callout>
    </Dialog>
  );
}
