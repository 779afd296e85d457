/** The fields of a topic, to make one and to change one. */
import type { Dispatch } from "react";
import { Checkbox, Field, Input, Segmented, Textarea } from "@/ui";
import {
  type Draft,
  type DraftFaults,
  PARTITIONS_MAX,
  RETENTION_DAYS_MAX,
  type RetentionChoice,
} from "./form";
import { words } from "./words";

export interface FieldsProps {
  draft: Draft;
  faults: DraftFaults;
  onChange: Dispatch<Partial<Draft>>;
}

const { form } = words;

export function PartitionsField({ draft, faults, onChange, now }: FieldsProps & { now?: number }) {
  const hint = now === undefined ? form.partitionsHint : form.partitionsMore(now);
  return (
    <Field label={form.partitions} hint={hint} error={faults.partitions}>
      <Input
        type="number"
        inputMode="numeric"
        min={now ?? 1}
        max={PARTITIONS_MAX}
        value={draft.partitions}
        onChange={(event) => onChange({ partitions: event.target.value })}
        className="w-28"
      />
    </Field>
  );
}

const retentions: { value: RetentionChoice; label: string }[] = [
  { value: "7", label: form.days(7) },
  { value: "14", label: form.days(14) },
  { value: "30", label: form.days(30) },
  { value: "own", label: form.own },
  { value: "forever", label: form.forever },
];

export function RetentionField({ draft, faults, onChange }: FieldsProps) {
  return (
    <div className="flex flex-col gap-2">
      <span aria-hidden="true" className="font-medium text-13">
        {form.retention}
      </span>
      <Segmented
        label={form.retention}
        value={draft.retention}
        onChange={(retention) => onChange({ retention: retention as RetentionChoice })}
        options={retentions}
        className="self-start"
      />
      {draft.retention === "own" && (
        <Field label={form.ownDays} error={faults.retention_days}>
          <Input
            type="number"
            inputMode="numeric"
            min={1}
            max={RETENTION_DAYS_MAX}
            value={draft.ownDays}
            onChange={(event) => onChange({ ownDays: event.target.value })}
            className="w-28"
          />
        </Field>
      )}
    </div>
  );
}

/** Compacted topics are kept for ever unless somebody says otherwise, as the API has it. */
export function CompactedField({ draft, onChange }: FieldsProps) {
  function choose(compacted: boolean) {
    if (compacted && draft.retention === "7") onChange({ compacted, retention: "forever" });
    else if (!compacted && draft.retention === "forever") onChange({ compacted, retention: "7" });
    else onChange({ compacted });
  }
  return (
    <Checkbox label={form.compact} hint={form.compactHint} checked={draft.compacted} onChange={choose} />
  );
}

export function SchemaField({ draft, faults, onChange }: FieldsProps) {
  return (
    <Field label={form.schema} optional hint={form.schemaHint} error={faults.schema}>
      <Textarea
        rows={draft.schema.trim() === "" ? 3 : 10}
        spellCheck={false}
        value={draft.schema}
        onChange={(event) => onChange({ schema: event.target.value })}
        className="font-mono text-12"
      />
    </Field>
  );
}
