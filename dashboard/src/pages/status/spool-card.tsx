import type { Schemas } from "@/api";
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from "@/lib/numbers";
import { Badge, Callout, Card, DataList } from "@/ui";
import type { Since } from "./health";
import { SinceWhen } from "./since-when";
import { emptyInMs, spoolOf } from "./told";
import { words } from "./words";

interface Props {
  spool: Schemas["Spool"] | undefined;
  since: Since | undefined;
}

/** How much of the spool is in use, how fast it empties, and what in it waits for a person. */
export function SpoolCard({ spool, since }: Props) {
  if (spool === undefined) {
    return (
      <Card title={words.spoolTitle}>
        <p className="text-muted">{words.noSpool}</p>
      </Card>
    );
  }
  const told = spoolOf(spool.state);
  const emptyIn = emptyInMs(spool);
  return (
    <Card
      title={words.spoolTitle}
      actions={
        <Badge tone={told.tone} dot>
          {told.label}
        </Badge>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-muted">{words.spoolWhat}</p>
        <p>
          {told.means} {told.todo}
        </p>
        <Use spool={spool} />
        <DataList
          items={[
            { label: words.spoolRecords, value: formatCount(spool.records) },
            { label: words.spoolOldest, value: formatDuration(spool.oldest_age_seconds * 1000) },
            {
              label: words.spoolDrain,
              value: [
                formatRate(spool.drain_records_per_second),
                ...(emptyIn === undefined ? [] : [words.spoolEmptyIn(formatDuration(emptyIn))]),
              ].join(", "),
            },
          ]}
        />
        {spool.refused_records > 0 && (
          <Callout tone="warn" title={words.spoolRefused(spool.refused_records)}>
            {words.spoolRefusedTodo}
          </Callout>
        )}
        {spool.unreadable_slots > 0 && (
          <Callout tone="bad" title={words.spoolUnreadable(spool.unreadable_slots)}>
            {words.spoolUnreadableTodo}
          </Callout>
        )}
        {since && (
          <p className="text-12 text-muted">
            {told.label} <SinceWhen since={since} />
          </p>
        )}
      </div>
    </Card>
  );
}

/** From here on the bar warns. */
const MUCH = 0.8;

function Use({ spool: { bytes, bytes_max } }: { spool: Schemas["Spool"] }) {
  const share = bytes_max > 0 ? Math.min(1, bytes / bytes_max) : 0;
  const text = words.ofMax(formatBytes(bytes), formatBytes(bytes_max));
  return (
    <div>
      <p className="flex justify-between gap-2 text-12">
        <span className="text-muted">{words.spoolUse}</span>
        <span>
          {text} ({formatPercent(share)})
        </span>
      </p>
      <div
        role="meter"
        aria-label={words.spoolUse}
        aria-valuemin={0}
        aria-valuemax={bytes_max}
        aria-valuenow={bytes}
        aria-valuetext={text}
        className="mt-1 h-2 overflow-hidden rounded-full border border-control bg-raised"
      >
        <div
          className={`h-full ${share >= MUCH ? "bg-bad" : "bg-accent"}`}
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
