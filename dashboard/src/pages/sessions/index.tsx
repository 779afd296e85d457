/** Sessions: the runs of agents that the newest events belong to. */
import { useNavigate } from "@tanstack/react-router";
import { RotateCw, Workflow } from "lucide-react";
import { type FormEvent, useEffect, useMemo, useState } from "react";
import { usePages } from "@/api";
import { readRecord } from "@/events/record";
import { SystemLabel } from "@/events/system-label";
import { type SystemNames, useSystemNames } from "@/events/use-system-names";
import { momentOf } from "@/lib/moments";
import { formatCount, formatDuration } from "@/lib/numbers";
import { NONE } from "@/lib/time";
import { text, useUrlState } from "@/lib/url-state";
import {
  Badge,
  Button,
  Code,
  Count,
  Empty,
  Foreign,
  Mono,
  Page,
  Problem,
  SearchInput,
  SkeletonTable,
  Table,
  Time,
} from "@/ui";
import { groupBySession, type SessionSummary } from "./group";
import { words } from "./words";

const PAGE_EVENTS = 200;
const REFRESH_MS = 10_000;
const ACTIVE_MS = 5 * 60_000;

export default function SessionsPage() {
  const [url, setUrl] = useUrlState({ q: text() });
  const navigate = useNavigate();
  const [isLong, setLong] = useState(false);
  // Of many pages, all would be read again every time.
  const events = usePages("/aibbar/events", {
    limit: PAGE_EVENTS,
    refetchInterval: isLong ? false : REFRESH_MS,
  });
  const pages = events.data?.pages.length ?? 0;
  useEffect(() => setLong(pages > 1), [pages]);
  const names = useSystemNames();
  const { sessions, apart } = useMemo(() => groupBySession(events.items.map(readRecord)), [events.items]);
  const wanted = url.q.trim();
  const shown =
    wanted === "" ? sessions : sessions.filter(({ id }) => id.toLowerCase().includes(wanted.toLowerCase()));
  const open = (id: string) => void navigate({ to: "/sessions/$id", params: { id } });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // What is typed may not have settled yet.
    const typed = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    if (typed !== "") open(typed);
  };
  return (
    <Page
      title={words.title}
      subtitle={
        events.data === undefined ? words.subtitleNone : subtitleOf(events.items.length, events.hasNextPage)
      }
      actions={
        <Button
          variant="ghost"
          icon={RotateCw}
          busy={events.isRefetching}
          onClick={() => void events.refetch()}
        >
          {words.refresh}
        </Button>
      }
    >
      <form onSubmit={submit} className="mb-3 flex max-w-xl items-center gap-2">
        <SearchInput
          name="q"
          label={words.search}
          value={url.q}
          onSettle={(q) => setUrl({ q }, { replace: true })}
        />
        {wanted !== "" && !shown.some(({ id }) => id === wanted) && (
          <Button type="submit">
            <Foreign max={24}>{words.open(wanted)}</Foreign>
          </Button>
        )}
      </form>
      {events.error !== null && events.items.length === 0 ? (
        <Problem error={events.error} onRetry={() => void events.refetch()} />
      ) : events.data === undefined ? (
        <SkeletonTable rows={8} columns={6} />
      ) : (
        <>
          <SessionsTable
            sessions={shown}
            names={names}
            empty={
              wanted === "" ? (
                <None />
              ) : (
                <Empty icon={Workflow} title={words.noneTitle}>
                  {words.noneText}
                </Empty>
              )
            }
          />
          {apart > 0 && <p className="mt-3 text-12 text-muted">{words.apart(apart)}</p>}
          {events.hasNextPage && (
            <Button
              className="mt-3"
              busy={events.isFetchingNextPage}
              onClick={() => void events.fetchNextPage()}
            >
              {words.more}
            </Button>
          )}
        </>
      )}
    </Page>
  );
}

function subtitleOf(count: number, hasMore: boolean): string {
  if (count === 0) return words.subtitleNone;
  return hasMore ? words.subtitle(count) : words.subtitleAll(count);
}

function None() {
  return (
    <Empty icon={Workflow} title={words.emptyTitle}>
      <p>{words.emptyText}</p>
      <Code language="json" className="mt-3 text-start">
        {'{ "event_type": "ai.query", "metadata": { "session_id": "order-7" }, … }'}
      </Code>
    </Empty>
  );
}

interface SessionsTableProps {
  sessions: SessionSummary[];
  names: SystemNames;
  empty: React.ReactNode;
}

function SessionsTable({ sessions, names, empty }: SessionsTableProps) {
  return (
    <Table<SessionSummary>
      label={words.list}
      rows={sessions}
      rowKey={({ id }) => id}
      rowHref={({ id }) => ({ to: "/sessions/$id", params: { id } })}
      empty={empty}
      columns={[
        {
          key: "id",
          header: words.id,
          primary: true,
          cell: ({ id, last }) => (
            <span className="flex min-w-0 items-center gap-2">
              <Mono truncate>{id}</Mono>
              {Date.now() - (momentOf(last) ?? 0) < ACTIVE_MS && (
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
          cell: ({ first, last }) =>
            formatDuration(Math.max(0, (momentOf(last) ?? 0) - (momentOf(first) ?? 0))),
        },
        { key: "last", header: words.last, align: "right", cell: ({ last }) => <Time value={last} /> },
      ]}
    />
  );
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
