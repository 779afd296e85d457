/** A new topic. */
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Dialog, Field, Input, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { CompactedField, PartitionsField, RetentionField, SchemaField } from "./fields";
import { type Draft, type DraftFaults, draftFaults, emptyDraft, nameFault, newTopic } from "./form";
import { words } from "./words";

/** Faults of a schema lie deep within it: they are told with their places, beside the form. */
const FIELDS = ["name", "partitions", "retention_days"];

export function CreateTopic({ onClose }: { onClose(): void }) {
  const { form } = words;
  const id = useId();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [faults, setFaults] = useState<DraftFaults>({});
  const create = $api.useMutation("post", "/api/v1/topics");
  const refused = formFaults(create.error, FIELDS, {
    already_exists: { field: "name", text: words.faults.nameTaken },
  });
  const shown: DraftFaults = { ...refused.at, ...faults };
  const wrong = useFirstFault(shown);

  function change(part: Partial<Draft>) {
    setDraft((before) => ({ ...before, ...part }));
    // A name cannot be changed later, so what is wrong with it is said while it is typed.
    const fault = part.name ? nameFault(part.name) : undefined;
    setFaults(fault === undefined ? {} : { name: fault });
    create.reset();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const found = draftFaults(draft);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    await create.mutateAsync({ body: newTopic(draft) }).then(
      ({ name }) => {
        toast.good(form.created(name));
        void invalidate("/api/v1/topics");
        onClose();
        void navigate({ to: "/topics/$name", params: { name } });
      },
      () => undefined,
    );
  }

  const fields = { draft, faults: shown, onChange: change };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!create.isPending}
      title={form.create}
      description={form.creating}
      footer={
        <>
          <Button onClick={onClose}>{form.cancel}</Button>
          <Button variant="primary" type="submit" form={id} busy={create.isPending}>
            {form.create}
          </Button>
        </>
      }
    >
      <form ref={wrong} id={id} noValidate onSubmit={submit} className="flex flex-col gap-5">
        <Field label={form.name} hint={form.nameHint} error={shown.name}>
          <Input
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
            className="font-mono"
          />
        </Field>
        <PartitionsField {...fields} />
        <RetentionField {...fields} />
        <CompactedField {...fields} />
        <SchemaField {...fields} />
        {refused.rest !== undefined && <Problem compact error={refused.rest} />}
      </form>
    </Dialog>
  );
}
