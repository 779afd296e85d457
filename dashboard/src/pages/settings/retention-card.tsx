/** How long events are kept: what holds, another number, and what that would drop before it is said. */
import { type FormEvent, useState } from "react";
import { $api, api, invalidate, type Schemas, useSession } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { formatTime } from "@/lib/time";
import {
  Button,
  Callout,
  Card,
  ConfirmDialog,
  DataList,
  Field,
  Input,
  Problem,
  RadioCards,
  Time,
  toast,
} from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { type Choice, choiceOf, daysOf, type Effect, effectOf } from "./retention";
import { told } from "./told";
import { useAction } from "./use-action";
import { words } from "./words";

const text = words.retention;
type Retention = Schemas["Retention"];

export function RetentionCard({ saved }: { saved: Retention }) {
  const { can } = useSession();
  return (
    <Card title={text.title}>
      <div className="flex max-w-3xl flex-col gap-4">
        <p className="text-16 font-medium">{text.now(saved.effective_days)}</p>
        <p className="text-muted">{text.help}</p>
        <DataList
          items={[
            { label: text.oldest, value: <Time value={saved.oldest_kept} style="datetime" /> },
            {
              label: saved.events_days == null ? text.installation : text.own,
              value: words.days(saved.effective_days),
            },
          ]}
        />
        {saved.updated_at && (
          <p className="text-12 text-muted">
            {text.changedBy} <bdi>{saved.updated_by}</bdi>, <Time value={saved.updated_at} style="relative" />
            .
          </p>
        )}
        <Held held={saved.held} />
        {can("organisation:manage") ? (
          <DaysForm key={`${saved.events_days}`} saved={saved} />
        ) : (
          <p className="text-12 text-muted">{words.onlyOwners}</p>
        )}
      </div>
    </Card>
  );
}

function Held({ held }: { held: Schemas["Held"] }) {
  if (held.everything) return <Callout tone="info">{text.heldEverything}</Callout>;
  if (held.ai_systems > 0) return <Callout tone="info">{text.heldSome(held.ai_systems)}</Callout>;
  return null;
}

function DaysForm({ saved }: { saved: Retention }) {
  const { organisation } = useSession();
  const [choice, setChoice] = useState<Choice>(choiceOf(saved));
  const [opened] = useState(() => new Date());
  const [wasSent, setWasSent] = useState(false);
  const [confirms, setConfirms] = useState(false);
  const { isBusy, error, run } = useAction();
  const read = daysOf(choice, saved);
  const effect = "days" in read ? effectOf(read.days, saved, opened) : undefined;
  const faults = formFaults(error, ["events_days"]);
  const wrongs = told({
    days: faults.at["events_days"] ?? ("error" in read && (wasSent || isTyped(choice)) && read.error),
  });
  const form = useFirstFault(wasSent ? wrongs : {});

  async function put() {
    if (!("days" in read)) return;
    const { data } = await api.PUT("/api/v1/retention", { body: { events_days: read.days } });
    toast.good(text.saved(data?.effective_days ?? effect?.days ?? 0));
    await invalidate("/api/v1/retention");
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    setWasSent(true);
    if (effect === undefined) return;
    if (effect.compared === "shorter") {
      setConfirms(true);
      return;
    }
    await run(put);
  }

  return (
    <form ref={form} onSubmit={save} noValidate className="flex flex-col gap-3 border-line border-t pt-4">
      <RadioCards
        label={text.choice}
        value={choice.kind}
        onChange={(kind) =>
          setChoice(kind === "own" ? { kind, text: String(saved.effective_days) } : { kind: "installation" })
        }
        options={[
          {
            value: "installation",
            label: text.asInstallation(saved.installation_days),
            hint: text.asInstallationHint,
          },
          { value: "own", label: text.ownDays, hint: text.ownDaysHint(saved.events_days_max) },
        ]}
      />
      {choice.kind === "own" && (
        <Field label={text.daysLabel} error={wrongs["days"]}>
          <Input
            value={choice.text}
            onChange={(event) => setChoice({ kind: "own", text: event.target.value })}
            inputMode="numeric"
            autoComplete="off"
            className="max-w-32"
          />
        </Field>
      )}
      {effect?.isChange && effect.compared === "shorter" && <Shorter effect={effect} held={saved.held} />}
      {effect?.isChange && effect.compared === "longer" && <Callout tone="info">{text.longer}</Callout>}
      {faults.rest !== undefined && <Problem error={faults.rest} />}
      <Button
        type="submit"
        variant="primary"
        busy={isBusy}
        disabled={effect !== undefined && !effect.isChange}
        className="self-start"
      >
        {text.save}
      </Button>
      {effect !== undefined && (
        <ConfirmDialog
          open={confirms}
          onClose={() => setConfirms(false)}
          title={text.confirmTitle}
          body={text.confirmBody(formatTime(effect.cutoff, "datetime"), effect.days)}
          action={text.confirmAction}
          typeToConfirm={organisation.name}
          danger
          onConfirm={put}
        />
      )}
    </form>
  );
}

function isTyped(choice: Choice): boolean {
  return choice.kind === "own" && choice.text !== "";
}

/** What would be dropped: the gateway is asked whether there is anything that old, and how young the youngest is. */
function Shorter({ effect, held }: { effect: Effect; held: Schemas["Held"] }) {
  const to = effect.cutoff.toISOString();
  const { data } = $api.useQuery("get", "/aibbar/events", { params: { query: { to, limit: 1 } } });
  const newest = data?.items[0]?.event.timestamp;
  return (
    <Callout tone="warn" title={text.shorter}>
      <p>{text.shorterBody(formatTime(effect.cutoff, "datetime"))}</p>
      <p className="mt-1" aria-live="polite">
        {data === undefined ? (
          text.looking
        ) : newest === undefined ? (
          text.noneThatOld
        ) : (
          <>
            {text.someThatOld} <Time value={newest} style="datetime" />.
          </>
        )}
      </p>
      {(held.everything || held.ai_systems > 0) && <p className="mt-1">{text.held}</p>}
    </Callout>
  );
}
