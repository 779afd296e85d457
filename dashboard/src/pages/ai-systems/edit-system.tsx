/** `?edit=1` and `?edit=ID`: the form that changes what is known of an AI system. */
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Dialog, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { type AiSystem, changesOf, draftFaults, draftOf, FIELDS, type SystemDraft } from "./rules";
import { SystemFields } from "./system-fields";
import { words } from "./words";

const NAME_TAKEN = { already_exists: { field: "name", text: words.form.nameTakenAlone } };

export function EditSystem({ of, onClose }: { of: AiSystem; onClose(): void }) {
  const formId = useId();
  const [draft, setDraft] = useState(() => draftOf(of));
  const [seen, setSeen] = useState<Partial<Record<string, string>>>({});
  const change = $api.useMutation("patch", "/api/v1/ai-systems/{ai_id}");
  const refused = formFaults(change.error, FIELDS, NAME_TAKEN);
  const faults = { ...refused.at, ...seen };
  const form = useFirstFault(faults);

  function edit(changes: Partial<SystemDraft>): void {
    setDraft((before) => ({ ...before, ...changes }));
    setSeen({});
    change.reset();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (change.isPending) return;
    const found = draftFaults(draft);
    setSeen(found);
    if (Object.keys(found).length > 0) return;
    const body = changesOf(of, draft);
    if (Object.keys(body).length === 0) {
      toast.info(words.form.unchanged);
      onClose();
      return;
    }
    const params = { path: { ai_id: of.ai_id } };
    const changed = await change.mutateAsync({ params, body }).catch(() => undefined);
    if (changed === undefined) return;
    await invalidate("/api/v1/ai-systems");
    toast.good(words.form.saved(changed.name));
    onClose();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.form.editTitle(of.name)}
      dismissible={!change.isPending}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {words.form.cancel}
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={change.isPending}>
            {words.form.save}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        id={formId}
        onSubmit={(event) => void submit(event)}
        noValidate
        className="flex flex-col gap-4"
      >
        <SystemFields draft={draft} onChange={edit} faults={faults} isNew={false} />
        {refused.rest !== undefined && <Problem error={refused.rest} compact />}
      </form>
    </Dialog>
  );
}
