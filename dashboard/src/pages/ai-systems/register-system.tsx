/** `?new=1`: the form that registers an AI system. */
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Dialog, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { type AiSystem, bodyOf, draftFaults, FIELDS, newDraft, type SystemDraft } from "./rules";
import { SystemFields } from "./system-fields";
import { words } from "./words";

const TAKEN = { already_exists: { field: "name", text: words.form.nameTaken } };

interface Props {
  /** The id, where it recorded before it was registered. */
  aiId: string | undefined;
  onClose(): void;
  onRegistered(system: AiSystem): void;
}

export function RegisterSystem({ aiId, onClose, onRegistered }: Props) {
  const formId = useId();
  const [draft, setDraft] = useState(() => newDraft(aiId));
  const [seen, setSeen] = useState<Partial<Record<string, string>>>({});
  const registration = $api.useMutation("post", "/api/v1/ai-systems");
  const refused = formFaults(registration.error, FIELDS, TAKEN);
  const faults = { ...refused.at, ...seen };
  const form = useFirstFault(faults);

  function change(changes: Partial<SystemDraft>): void {
    setDraft((before) => ({ ...before, ...changes }));
    setSeen({});
    registration.reset();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (registration.isPending) return;
    const found = draftFaults(draft);
    setSeen(found);
    if (Object.keys(found).length > 0) return;
    const system = await registration.mutateAsync({ body: bodyOf(draft) }).catch(() => undefined);
    if (system === undefined) return;
    void invalidate("/api/v1/ai-systems");
    toast.good(words.form.registered(system.name));
    onRegistered(system);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.form.registerTitle}
      description={words.form.registerBody}
      dismissible={!registration.isPending}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {words.form.cancel}
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={registration.isPending}>
            {words.register}
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
        <SystemFields draft={draft} onChange={change} faults={faults} isNew />
        {refused.rest !== undefined && <Problem error={refused.rest} compact />}
      </form>
    </Dialog>
  );
}
