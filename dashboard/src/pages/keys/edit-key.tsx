/** `?edit=ID`: the form that changes a key; what is not touched is not sent. */
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Dialog, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { NAME_TAKEN } from "./create-key";
import { KeyFields } from "./key-fields";
import { type ApiKey, changesOf, draftFaults, draftOf, FIELDS, type KeyDraft } from "./rules";
import { words } from "./words";

export function EditKey({ of, onClose }: { of: ApiKey; onClose(): void }) {
  const formId = useId();
  const [draft, setDraft] = useState(() => draftOf(of));
  const [seen, setSeen] = useState<Partial<Record<string, string>>>({});
  const change = $api.useMutation("patch", "/api/v1/keys/{id}");
  const refused = formFaults(change.error, FIELDS, NAME_TAKEN);
  const faults = { ...refused.at, ...seen };
  const form = useFirstFault(faults);

  function edit(changes: Partial<KeyDraft>): void {
    setDraft((before) => ({ ...before, ...changes }));
    setSeen({});
    change.reset();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (change.isPending) return;
    const now = new Date();
    const found = draftFaults(draft, now);
    setSeen(found);
    if (Object.keys(found).length > 0) return;
    const body = changesOf(of, draft, now);
    if (Object.keys(body).length === 0) {
      toast.info(words.form.unchanged);
      onClose();
      return;
    }
    const changed = await change
      .mutateAsync({ params: { path: { id: of.id } }, body })
      .catch(() => undefined);
    if (changed === undefined) return;
    await invalidate("/api/v1/keys");
    toast.good(words.form.saved(changed.name));
    onClose();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.form.editTitle(of.name)}
      description={words.form.editBody}
      size="lg"
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
        <KeyFields
          draft={draft}
          onChange={edit}
          faults={faults}
          now={new Date()}
          before={{ expiresAt: of.expires_at ?? null }}
        />
        {refused.rest !== undefined && <Problem error={refused.rest} compact />}
      </form>
    </Dialog>
  );
}
