/** The latest events of one AI system, each a line that leads to the whole of it. */
import { Radio } from "lucide-react";
import { $api, type Schemas } from "@/api";
import { story } from "@/lib/story";
import {
  Button,
  Card,
  Code,
  Delayed,
  Empty,
  EventTypeBadge,
  Foreign,
  Link,
  Problem,
  SkeletonTable,
  Table,
  Time,
} from "@/ui";
import { words } from "./words";

const SHOWN = 20;
const REFRESH_MS = 10_000;

export function LatestEvents({ aiId }: { aiId: string }) {
  const latest = $api.useQuery(
    "get",
    "/aibbar/events",
    { params: { query: { ai_id: aiId, limit: SHOWN } } },
    { refetchInterval: REFRESH_MS },
  );
  return (
    <Card
      title={words.detail.events}
      padded={false}
      actions={
        <Button size="sm" icon={Radio} render={<Link to="/live" search={{ ai: aiId } as never} />}>
          {words.detail.watch}
        </Button>
      }
    >
      {latest.isPending ? (
        <Delayed>
          <SkeletonTable rows={5} columns={4} />
        </Delayed>
      ) : latest.data === undefined ? (
        <Problem error={latest.error} onRetry={() => void latest.refetch()} />
      ) : latest.data.items.length === 0 ? (
        <NoEvents aiId={aiId} />
      ) : (
        <EventTable records={latest.data.items} />
      )}
    </Card>
  );
}

type AibbarRecord = Schemas["AibbarRecord"];

function EventTable({ records }: { records: AibbarRecord[] }) {
  return (
    <Table<AibbarRecord>
      label={words.detail.eventList}
      rows={records}
      rowKey={({ record }) => record.event_id}
      rowHref={({ record }) => ({ to: "/event/$id", params: { id: record.event_id } })}
      columns={[
        {
          key: "at",
          header: words.detail.columns.at,
          width: "120px",
          cell: ({ event }) => <Time value={event.timestamp} />,
        },
        {
          key: "type",
          header: words.detail.columns.type,
          width: "120px",
          cell: ({ event }) => <EventTypeBadge type={event.event_type} />,
        },
        {
          key: "what",
          header: words.detail.columns.what,
          primary: true,
          cell: ({ event }) => <Foreign max={200}>{story(event).title}</Foreign>,
        },
        {
          key: "session",
          header: words.detail.columns.session,
          width: "160px",
          hideOnPhone: true,
          cell: ({ event }) => <Session of={event} />,
        },
      ]}
    />
  );
}

function Session({ of }: { of: AibbarRecord["event"] }) {
  const id = of.metadata?.session_id;
  if (typeof id !== "string" || id === "") return words.nobody;
  return (
    <span className="font-mono text-12">
      <Foreign max={24}>{id}</Foreign>
    </span>
  );
}

function NoEvents({ aiId }: { aiId: string }) {
  return (
    <Empty icon={Radio} title={words.detail.noEvents}>
      <p>{words.detail.noEventsBody}</p>
      <Code language="sh" copy wrap>
        {words.detail.environmentOf(aiId, window.location.origin)}
      </Code>
      <p className="flex flex-wrap justify-center gap-4">
        <Link to="/keys" search={{ new: "1" } as never}>
          {words.detail.keys}
        </Link>
        <Link to="/signing-keys" search={{ new: "1", ai_id: aiId } as never}>
          {words.detail.signingKeys}
        </Link>
      </p>
    </Empty>
  );
}
