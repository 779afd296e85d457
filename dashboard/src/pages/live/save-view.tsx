/** Keeps the filters of now under a name. */
import { type FormEvent, useId, useState } from "react";
import { $api, ApiProblem, invalidate } from "@/api";
import { Button, Checkbox, Dialog, Field, Input, Problem, toast } from "@/ui";
import { VIEWS_PAGE } from "./views";
import { words } from "./words";

const NAME_CHARS_MAX = 100;

export function SaveView({ query, onClose }: { query: string; onClose(): void }) {
  const form = useId();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = $api.useMutation("post", "/api/v1/views");
  const error: unknown = save.error;
  const fault = nameFault(error);
  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      const view = await save.mutateAsync({ body: { name: name.trim(), page: VIEWS_PAGE, query, shared } });
      toast.good(words.saved(view.name));
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
      title={words.saveView}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={save.isPending}
            disabled={name.trim() === ""}
          >
            {words.save}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={words.viewName} error={fault}>
          <Input value={name} maxLength={NAME_CHARS_MAX} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Checkbox label={words.shareView} hint={words.shareHint} checked={shared} onChange={setShared} />
        <p className="break-all font-mono text-12 text-muted">
          {query === "" ? words.noFilters : readable(query)}
        </p>
        {error !== null && fault === undefined && <Problem error={error} />}
      </form>
    </Dialog>
  );
}

/** What is wrong with the name, where it is the name. */
export function nameFault(error: unknown): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  if (error.code === "already_exists") return error.detail;
  return error.faults.find(({ pointer }) => pointer === "/name")?.detail;
}

function readable(query: string): string {
  return [...new URLSearchParams(query)].map(([name, value]) => `${name} = ${value}`).join(", ");
}
