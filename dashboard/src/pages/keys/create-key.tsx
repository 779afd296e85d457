/** `?new=1`: the form that makes a key. */
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate, type Schemas } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Dialog, Problem } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { KeyFields } from "./key-fields";
import { bodyOf, draftFaults, FIELDS, type KeyDraft, NEW_KEY } from "./rules";
import { words } from "./words";

interface Props {
  onClose(): void;
  onMade(key: Schemas["ApiKeyWithSecret"]): void;
}

export function CreateKey({ onClose, onMade }: Props) {
  const formId = useId();
  const [draft, setDraft] = useState(NEW_KEY);
  const [seen, setSeen] = useState<Partial<Record<string, string>>>({});
  const creation = $api.useMutation("post", "/api/v1/keys");
  const refused = formFaults(creation.error, FIELDS, NAME_TAKEN);
  const faults = { ...refused.at, ...seen };
  const form = useFirstFault(faults);

  function change(changes: Partial<KeyDraft>): void {
    setDraft((before) => ({ ...before, ...changes }));
    setSeen({});
    creation.reset();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (creation.isPending) return;
    const now = new Date();
    const found = draftFaults(draft, now);
    setSeen(found);
    if (Object.keys(found).length > 0) return;
    const made = await creation.mutateAsync({ body: bodyOf(draft, now) }).catch(() => undefined);
    if (made === undefined) return;
    void invalidate("/api/v1/keys");
    onMade(made);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.form.createTitle}
      description={words.form.createBody}
      size="lg"
      dismissible={!creation.isPending}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {words.form.cancel}
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={creation.isPending}>
            {words.create}
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
        <KeyFields draft={draft} onChange={change} faults={faults} now={new Date()} />
        {refused.rest !== undefined && <Problem error={refused.rest} compact />}
      </form>
    </Dialog>
  );
}

export const NAME_TAKEN = { already_exists: { field: "name", text: words.form.nameTaken } };
