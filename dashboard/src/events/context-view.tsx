/** Whom and what an event belongs to, and when it happened. */
import type { ReactNode } from "react";
import { member } from "@/lib/any-json";
import { formatCount, formatDuration, formatExact } from "@/lib/numbers";
import { parseTime } from "@/lib/time";
import { DataList, Foreign, Link, Mono, Time } from "@/ui";
import { MarkedText } from "./marked-text";
import { type ReadRecord, textOf } from "./record";
import { systemName, useSystemNames } from "./use-system-names";
import { words } from "./words";

type Item = { label: string; value: ReactNode };

const PLAIN: readonly (readonly [name: string, label: string])[] = [
  ["request_id", words.request],
  ["user_id", words.user],
  ["trace_id", words.trace],
  ["span_id", words.span],
  ["source_ip", words.address],
  ["country", words.country],
  ["region", words.region],
];

export function ContextView({ record }: { record: ReadRecord }) {
  const names = useSystemNames();
  const { event, receipt, aiId, sessionId, sequence, timestamp, redactions } = record;
  const metadata = member(event, "metadata");
  const version = textOf(event, "ai_version");
  const received = textOf(receipt, "received_at");
  const items: Item[] = [];

  if (aiId !== undefined) {
    items.push({
      label: words.system,
      value: (
        <Link to="/ai-systems/$id" params={{ id: aiId }}>
          <Foreign max={120}>{systemName(names, aiId)}</Foreign>
        </Link>
      ),
    });
  }
  if (version !== undefined) items.push({ label: words.version, value: <Mono>{version}</Mono> });
  if (sessionId !== undefined) {
    items.push({
      label: words.session,
      value: (
        <Link to="/sessions/$id" params={{ id: sessionId }}>
          <MarkedText text={sessionId} pointer="/metadata/session_id" redactions={redactions} />
        </Link>
      ),
    });
  }
  for (const [name, label] of PLAIN) {
    const value = textOf(metadata, name);
    if (value === undefined) continue;
    items.push({
      label,
      value: (
        <span className="font-mono text-12">
          <MarkedText text={value} pointer={`/metadata/${name}`} redactions={redactions} />
        </span>
      ),
    });
  }
  if (sequence !== undefined) items.push({ label: words.sequence, value: formatExact(sequence) });
  if (timestamp !== "") {
    items.push({ label: words.happened, value: <Moment value={timestamp} /> });
  }
  if (received !== undefined) {
    items.push({ label: words.received, value: <Moment value={received} after={timestamp} /> });
  }
  items.push({ label: words.eventId, value: <Mono copy>{record.id}</Mono> });
  const labels = labelsOf(member(metadata, "labels"));
  if (labels.length > 0) items.push({ label: words.labels, value: <Labels labels={labels} /> });
  return <DataList items={items} />;
}

function Moment({ value, after }: { value: string; after?: string }) {
  const apart = after === undefined ? Number.NaN : parseTime(value).getTime() - parseTime(after).getTime();
  const told = apart >= 0 ? words.later(formatDuration(apart)) : words.earlier(formatDuration(-apart));
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      <Time value={value} style="datetime" />
      <span className="text-12 text-faint">{Number.isNaN(apart) ? <Time value={value} /> : told}</span>
    </span>
  );
}

function labelsOf(labels: unknown): [string, string][] {
  if (typeof labels !== "object" || labels === null) return [];
  return Object.entries(labels).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
}

const LABELS_MAX = 32;

function Labels({ labels }: { labels: readonly [string, string][] }) {
  return (
    <ul className="flex min-w-0 flex-wrap gap-1">
      {labels.slice(0, LABELS_MAX).map(([name, value]) => (
        <li key={name} className="max-w-full truncate rounded-4 border bg-raised px-1.5 text-12">
          <Foreign max={60}>{name}</Foreign>
          <span className="text-faint"> = </span>
          <Foreign max={120}>{value}</Foreign>
        </li>
      ))}
      {labels.length > LABELS_MAX && (
        <li className="text-12 text-muted">{words.hiddenMore(formatCount(labels.length - LABELS_MAX))}</li>
      )}
    </ul>
  );
}
