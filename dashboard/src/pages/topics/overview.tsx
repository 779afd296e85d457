/** What is in a topic, and how it goes. */
import { formatBytes, formatCount, formatPercent, formatRate } from "@/lib/numbers";
import { Bytes, Callout, Card, Code, DataList, Foreign, Link, Tile, Time } from "@/ui";
import { Activity, type Period } from "./activity";
import { Partitions } from "./partitions";
import type { TopicDescribed } from "./use-topics";
import { words } from "./words";

interface Props {
  topic: TopicDescribed;
  period: Period;
  onPeriod(period: Period): void;
  onOpen(fromMs: number, toMs: number): void;
}

export function Overview({ topic, period, onPeriod, onOpen }: Props) {
  return (
    <div className="flex flex-col gap-3">
      {topic.reserved && (
        <Callout tone="info">
          {words.overview.reservedNote} <Link to="/live">{words.overview.events}</Link>
        </Callout>
      )}
      <Tiles topic={topic} />
      <Activity
        topic={topic.name}
        ofEvents={topic.reserved}
        period={period}
        onPeriod={onPeriod}
        onOpen={onOpen}
      />
      <div className={topic.reserved ? undefined : "grid items-start gap-3 lg:grid-cols-2"}>
        {!topic.reserved && <Partitions partitions={topic.statistics.partitions} />}
        <About topic={topic} />
      </div>
      {topic.schema && (
        <Card title={words.overview.schema}>
          <Code language="json" copy maxHeight={360}>
            {JSON.stringify(topic.schema, null, 2)}
          </Code>
        </Card>
      )}
    </div>
  );
}

function Tiles({ topic }: { topic: TopicDescribed }) {
  const { overview } = words;
  const { statistics } = topic;
  const { messages } = statistics;
  const rate = formatRate(statistics.publish_rate);
  return (
    <section
      aria-label={overview.label}
      className={`grid grid-cols-2 gap-3 md:grid-cols-3 ${messages === undefined ? "xl:grid-cols-5" : "xl:grid-cols-6"}`}
    >
      {messages !== undefined && (
        <Tile label={overview.inTopic} value={formatCount(messages)} unit={overview.inTopicUnit(messages)} />
      )}
      <Tile
        label={overview.today}
        value={formatCount(statistics.messages_today)}
        hint={overview.todayHint(formatBytes(statistics.bytes_today))}
      />
      <Tile
        label={overview.month}
        value={formatCount(statistics.messages_30_days)}
        hint={formatBytes(statistics.bytes_30_days)}
      />
      <Tile label={overview.rate} value={rate.replace(/\/s$/, "")} unit="/s" hint={overview.rateHint} />
      <Tile label={overview.errors} value={formatPercent(statistics.error_rate)} hint={overview.errorsHint} />
      <Tile label={overview.consumers} value={formatCount(statistics.consumers)} />
    </section>
  );
}

function About({ topic }: { topic: TopicDescribed }) {
  const { overview, form } = words;
  const { statistics } = topic;
  const days = topic.retention_days;
  const items = [
    { label: overview.partitions, value: formatCount(topic.partitions) },
    { label: overview.retention, value: typeof days === "number" ? form.days(days) : overview.forever },
    ...(topic.compacted ? [{ label: overview.compaction, value: overview.compactedYes }] : []),
    ...(statistics.bytes === undefined
      ? []
      : [{ label: overview.size, value: <Bytes value={statistics.bytes} /> }]),
    ...(topic.reserved
      ? []
      : [
          { label: overview.oldest, value: <Time value={statistics.oldest_at} style="datetime" /> },
          { label: overview.newest, value: <Time value={statistics.newest_at} style="datetime" /> },
          { label: overview.created, value: <Time value={topic.created_at} style="datetime" /> },
          {
            label: overview.createdBy,
            value: <Foreign max={120}>{topic.created_by ?? words.unknown}</Foreign>,
          },
          { label: overview.updated, value: <Time value={topic.updated_at} style="datetime" /> },
        ]),
  ];
  return (
    <Card title={overview.about}>
      <DataList items={items} />
    </Card>
  );
}
