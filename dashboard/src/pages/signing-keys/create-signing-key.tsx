/** `?new=1`: the form that makes a signing key. */
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate, type Schemas } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Checkbox, Dialog, Field, Input, Problem, Select } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { bodyOf, draftFaults, FIELDS, type SigningKeyDraft } from "./rules";
import type { SystemNames } from "./use-system-names";
import { words } from "./words";

const NAME_TAKEN = { already_exists: { field: "key_id", text: words.form.nameTaken } };

interface Props {
  /** The first of an organisation is its default without being told. */
  isFirst: boolean;
  /** The AI system that it is made for, where the address names one. */
  aiId: string | undefined;
  systems: SystemNames;
  onClose(): void;
  onMade(key: Schemas["SigningKeyWithSecret"]): void;
}

export function CreateSigningKey({ isFirst, aiId, systems, onClose, onMade }: Props) {
  const formId = useId();
  const [draft, setDraft] = useState<SigningKeyDraft>(() => ({
    keyId: "",
    signs: aiId === undefined ? "any" : systems.has(aiId) ? aiId : "other",
    aiId: aiId ?? "",
    isDefault: false,
  }));
  const [seen, setSeen] = useState<Partial<Record<string, string>>>({});
  const creation = $api.useMutation("post", "/api/v1/signing-keys");
  const refused = formFaults(creation.error, FIELDS, NAME_TAKEN);
  const faults: Partial<Record<string, string>> = { ...refused.at, ...seen };
  const form = useFirstFault(faults);

  function change(changes: Partial<SigningKeyDraft>): void {
    setDraft((before) => ({ ...before, ...changes }));
    setSeen({});
    creation.reset();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (creation.isPending) return;
    const found = draftFaults(draft);
    setSeen(found);
    if (Object.keys(found).length > 0) return;
    const made = await creation.mutateAsync({ body: bodyOf(draft) }).catch(() => undefined);
    if (made === undefined) return;
    void invalidate("/api/v1/signing-keys");
    onMade(made);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.form.title}
      description={words.form.body}
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
        className="flex flex-col gap-5"
      >
        <Field label={words.form.name} hint={words.form.nameHint} error={faults["key_id"]}>
          <Input
            value={draft.keyId}
            onChange={(event) => change({ keyId: event.target.value })}
            placeholder={words.form.namePlaceholder}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
        <Field label={words.form.signs} hint={words.form.signsHint}>
          <Select
            label={words.form.signs}
            value={draft.signs}
            onChange={(signs) => change({ signs })}
            options={[
              { value: "any", label: words.anySystem },
              ...[...systems].map(([value, label]) => ({ value, label })),
              { value: "other", label: words.form.one },
            ]}
          />
        </Field>
        {draft.signs === "other" && (
          <Field label={words.form.aiId} hint={words.form.aiIdHint} error={faults["ai_id"]}>
            <Input
              value={draft.aiId}
              onChange={(event) => change({ aiId: event.target.value })}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
          </Field>
        )}
        {isFirst ? (
          <p className="text-12 text-muted">{words.form.isFirst}</p>
        ) : (
          <Checkbox
            checked={draft.isDefault}
            onChange={(isDefault) => change({ isDefault })}
            label={words.form.isDefault}
            hint={words.form.isDefaultHint}
          />
        )}
        {refused.rest !== undefined && <Problem error={refused.rest} compact />}
      </form>
    </Dialog>
  );
}
