/** The fields of a key, when it is made and when it is changed. */
import { useState } from "react";
import { $api } from "@/api";
import { Field, Input, Segmented, Textarea, Time } from "@/ui";
import { type EndsChoice, endOf, type KeyDraft, type KeyField } from "./rules";
import { ScopePicker } from "./scope-picker";
import { words } from "./words";

interface Props {
  draft: KeyDraft;
  onChange(changes: Partial<KeyDraft>): void;
  faults: Partial<Record<string, string>>;
  now: Date;
  /** When the key ends now; for one that is changed. */
  before?: { expiresAt: string | null };
}

export function KeyFields({ draft, onChange, faults, now, before }: Props) {
  const at = (field: KeyField) => faults[field];
  return (
    <div className="flex flex-col gap-5">
      <Field label={words.form.name} hint={words.form.nameHint} error={at("name")}>
        <Input
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
          placeholder={words.form.namePlaceholder}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <ScopePicker value={draft.scopes} onChange={(scopes) => onChange({ scopes })} error={at("scopes")} />
      <Ends draft={draft} onChange={onChange} error={at("expires_at")} now={now} before={before} />
      <Restrictions draft={draft} onChange={onChange} at={at} />
    </div>
  );
}

interface EndsProps extends Pick<Props, "draft" | "onChange" | "now" | "before"> {
  error: string | undefined;
}

function Ends({ draft, onChange, error, now, before }: EndsProps) {
  const presets = Object.entries(words.form.endsPresets).map(([value, label]) => ({ value, label }));
  // Objects list numbers first and in order, so the presets stand from the shortest to the longest.
  const options = before ? [{ value: "keep", label: words.form.endsKeep }, ...presets] : presets;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-13 font-medium text-ink">{words.form.ends}</span>
        <Segmented
          label={words.form.ends}
          value={draft.ends}
          onChange={(ends) => onChange({ ends: ends as EndsChoice })}
          options={options}
        />
      </div>
      {draft.ends === "own" ? (
        <Field label={words.form.endsOwn} error={error}>
          <Input
            type="datetime-local"
            value={draft.endsOn}
            onChange={(event) => onChange({ endsOn: event.target.value })}
          />
        </Field>
      ) : (
        <p
          role={error === undefined ? undefined : "alert"}
          className={error === undefined ? "text-12 text-muted" : "text-12 text-bad"}
        >
          {error ?? <EndHint draft={draft} now={now} before={before} />}
        </p>
      )}
    </div>
  );
}

function EndHint({ draft, now, before }: Pick<Props, "draft" | "now" | "before">) {
  const chosen = endOf(draft, now);
  const end = chosen === undefined ? before?.expiresAt : chosen;
  if (!end) return words.form.endsHintNever;
  return (
    <>
      {words.form.endsHint}
      <Time value={end} style="datetime" />
    </>
  );
}

interface RestrictionsProps extends Pick<Props, "draft" | "onChange"> {
  at(field: KeyField): string | undefined;
}

/** Closed for whoever needs none of it, open where something of it is set or wrong. */
function Restrictions({ draft, onChange, at }: RestrictionsProps) {
  const organisation = $api.useQuery("get", "/api/v1/organisation");
  const most = organisation.data?.effective_limits;
  const [isOpen, setOpen] = useState(
    [draft.addresses, draft.requestsPerMinute, draft.eventsPerDay].some(Boolean),
  );
  const isWrong = [at("allowed_ips"), at("requests_per_minute"), at("events_per_day")].some(Boolean);
  return (
    <details
      className="rounded-8 border border-line"
      open={isOpen || isWrong}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="cursor-pointer rounded-8 px-3 py-2 text-13 font-medium text-ink">
        {words.form.restrict}
      </summary>
      <div className="flex flex-col gap-4 px-3 pt-1 pb-3">
        <Field
          label={words.form.addresses}
          hint={words.form.addressesHint}
          error={at("allowed_ips")}
          optional
        >
          <Textarea
            value={draft.addresses}
            onChange={(event) => onChange({ addresses: event.target.value })}
            placeholder={words.form.addressesPlaceholder}
            rows={3}
            spellCheck={false}
            className="font-mono"
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={words.form.requestsPerMinute}
            hint={limitHint(most?.requests_per_minute, organisation.isSuccess)}
            error={at("requests_per_minute")}
            optional
          >
            <Input
              value={draft.requestsPerMinute}
              onChange={(event) => onChange({ requestsPerMinute: event.target.value })}
              inputMode="numeric"
              autoComplete="off"
            />
          </Field>
          <Field
            label={words.form.eventsPerDay}
            hint={limitHint(most?.events_per_day, organisation.isSuccess)}
            error={at("events_per_day")}
            optional
          >
            <Input
              value={draft.eventsPerDay}
              onChange={(event) => onChange({ eventsPerDay: event.target.value })}
              inputMode="numeric"
              autoComplete="off"
            />
          </Field>
        </div>
      </div>
    </details>
  );
}

function limitHint(most: number | null | undefined, isKnown: boolean): string {
  if (!isKnown) return words.form.limitHint;
  return most == null ? words.form.limitOff : words.form.limitOfPlan(most);
}
