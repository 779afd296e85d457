import type { ReactNode } from "react";
import { SystemLabel } from "@/events/system-label";
import { type SystemNames, useSystemNames } from "@/events/use-system-names";
import { momentOf } from "@/lib/moments";
import { formatCount, formatDuration } from "@/lib/numbers";
import { NONE } from "@/lib/time";
import { Badge, type Column, Count, Mono, Table, Time } from "@/ui";
import type { SessionSummary } from "./group";
import { words } from "./words";

const ACTIVE_MS = 5 * 60_000;

interface SessionTableProps {
  sessions: SessionSummary[];
  /** Only errors were read: nothing is known of the rest of each session. */
  ofErrors: boolean;
  empty: ReactNode;
}

export function SessionTable({ sessions, ofErrors, empty }: SessionTableProps) {
  const names = useSystemNames();
  return (
    <Table<SessionSummary>
      label={words.list}
      rows={sessions}
      rowKey={({ id }) => id}
      rowHref={({ id }) => ({ to: "/sessions/$id", params: { id } })}
      empty={empty}
      columns={columnsOf(names, ofErrors)}
    />
  );
}

function columnsOf(names: SystemNames, ofErrors: boolean): Column<SessionSummary>[] {
  const who: Column<SessionSummary>[] = [
    {
      key: "id",
      header: words.id,
      primary: true,
      cell: ({ id, last }) => (
        <span className="flex min-w-0 items-center gap-2">
          <Mono truncate>{id}</Mono>
          {!ofErrors && Date.now() - (momentOf(last) ?? 0) < ACTIVE_MS && (
            <Badge tone="good" dot>
              {words.active}
            </Badge>
          )}
        </span>
      ),
    },
    {
      key: "systems",
      header: words.systems,
      cell: ({ aiIds }) => <Systems aiIds={aiIds} names={names} />,
    },
  ];
  if (ofErrors) {
    return [
      ...who,
      {
        key: "errors",
        header: words.errorsOf,
        align: "right",
        cell: ({ errors }) => <Badge tone="bad">{words.errors(errors)}</Badge>,
      },
      { key: "last", header: words.lastError, align: "right", cell: ({ last }) => <Time value={last} /> },
    ];
  }
  return [
    ...who,
    {
      key: "events",
      header: words.events,
      align: "right",
      cell: ({ events, errors }) => (
        <span className="inline-flex items-center gap-2">
          {errors > 0 && <Badge tone="bad">{words.errors(errors)}</Badge>}
          <Count value={events} />
        </span>
      ),
    },
    {
      key: "tokens",
      header: words.tokens,
      align: "right",
      hideOnPhone: true,
      cell: ({ tokens }) => (tokens === 0 ? NONE : <Count value={tokens} />),
    },
    {
      key: "duration",
      header: words.duration,
      align: "right",
      hideOnPhone: true,
      cell: ({ first, last }) => formatDuration(Math.max(0, (momentOf(last) ?? 0) - (momentOf(first) ?? 0))),
    },
    { key: "last", header: words.last, align: "right", cell: ({ last }) => <Time value={last} /> },
  ];
}

function Systems({ aiIds, names }: { aiIds: readonly string[]; names: SystemNames }) {
  const [first] = aiIds;
  if (first === undefined) return null;
  const more = aiIds.length - 1;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="min-w-0 truncate">
        <SystemLabel aiId={first} names={names} />
      </span>
      {more > 0 && <span className="shrink-0 text-12 text-faint">+{formatCount(more)}</span>}
    </span>
  );
}
