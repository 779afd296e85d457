/** What is known of an AI system, as fields; its id where it is not registered yet. */
import { Button, Field, Input, Textarea } from "@/ui";
import type { SystemDraft } from "./rules";
import { words } from "./words";

interface Props {
  draft: SystemDraft;
  onChange(changes: Partial<SystemDraft>): void;
  faults: Partial<Record<string, string>>;
  isNew: boolean;
}

export function SystemFields({ draft, onChange, faults, isNew }: Props) {
  return (
    <div className="flex flex-col gap-5">
      <Field label={words.form.name} hint={words.form.nameHint} error={faults["name"]}>
        <Input
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
          placeholder={words.form.namePlaceholder}
          maxLength={64}
          autoComplete="off"
        />
      </Field>
      {isNew && (
        <Field label={words.form.aiId} hint={words.form.aiIdHint} error={faults["ai_id"]} optional>
          <Input
            value={draft.aiId}
            onChange={(event) => onChange({ aiId: event.target.value })}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
      )}
      <Field label={words.form.owner} hint={words.form.ownerHint} error={faults["owner"]} optional>
        <Input
          value={draft.owner}
          onChange={(event) => onChange({ owner: event.target.value })}
          placeholder={words.form.ownerPlaceholder}
          maxLength={256}
          autoComplete="off"
        />
      </Field>
      <div className="flex flex-col gap-2">
        <Field
          label={words.form.environment}
          hint={words.form.environmentHint}
          error={faults["environment"]}
          optional
        >
          <Input
            value={draft.environment}
            onChange={(event) => onChange({ environment: event.target.value })}
            maxLength={64}
            autoComplete="off"
          />
        </Field>
        <div className="flex flex-wrap gap-1">
          {words.form.environments.map((name) => (
            <Button
              key={name}
              size="sm"
              variant="ghost"
              aria-label={words.form.useEnvironment(name)}
              onClick={() => onChange({ environment: name })}
            >
              {name}
            </Button>
          ))}
        </div>
      </div>
      <Field
        label={words.form.description}
        hint={words.form.descriptionHint}
        error={faults["description"]}
        optional
      >
        <Textarea
          value={draft.description}
          onChange={(event) => onChange({ description: event.target.value })}
          maxLength={2048}
          rows={3}
        />
      </Field>
    </div>
  );
}
