/** The groups that read a topic, and how far each is. */
import { RotateCcw, Users } from "lucide-react";
import { useState } from "react";
import { usePages, useSession } from "@/api";
import { formatDuration } from "@/lib/numbers";
import {
  Badge,
  Button,
  Card,
  Count,
  DataList,
  Delayed,
  Empty,
  Foreign,
  Mono,
  MorePages,
  Problem,
  Skeleton,
  Table,
} from "@/ui";
import { type GroupPartition, partitionsOf, waitingOf } from "./groups";
import { ResetGroup } from "./reset";
import { type Group, REFRESH_MS } from "./use-topics";
import { words } from "./words";

const { groups: text } = words;

/** More rows are shown when they are wanted. */
const SHOWN = 12;

export function Consumers({ topic }: { topic: string }) {
  const { can } = useSession();
  const [resetting, setResetting] = useState<string>();
  const groups = usePages("/api/v1/topics/{name}/consumers", {
    path: { name: topic },
    refetchInterval: REFRESH_MS,
  });
  if (groups.isPending)
    return (
      <Delayed>
        <Skeleton className="h-60 rounded-8" />
      </Delayed>
    );
  if (groups.isError && groups.items.length === 0) {
    return <Problem error={groups.error} onRetry={() => void groups.refetch()} />;
  }
  if (groups.items.length === 0) {
    return (
      <Empty icon={Users} title={text.none}>
        {text.noneHelp}
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {groups.items.map((group) => (
        <GroupCard
          key={group.group}
          group={group}
          onReset={can("topics:manage") ? () => setResetting(group.group) : undefined}
        />
      ))}
      <MorePages query={groups} />
      {resetting !== undefined && (
        <ResetGroup topic={topic} group={resetting} onClose={() => setResetting(undefined)} />
      )}
    </div>
  );
}

function GroupCard({ group, onReset }: { group: Group; onReset?: () => void }) {
  const [isWhole, setWhole] = useState(false);
  const partitions = partitionsOf(group);
  const rows = isWhole ? partitions : partitions.slice(0, SHOWN);
  const readers = group.members.length;
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          <Mono>{group.group}</Mono>
          <Badge tone={readers > 0 ? "good" : "neutral"} dot>
            {text.readers(readers)}
          </Badge>
        </span>
      }
      actions={
        onReset && (
          <Button size="sm" icon={RotateCcw} onClick={onReset}>
            {text.reset}
          </Button>
        )
      }
    >
      <div className="mb-4">
        <DataList
          items={[
            ...(group.lag === undefined ? [] : [{ label: text.lag, value: text.lagMessages(group.lag) }]),
            { label: text.waits, value: <Waits lag={group.lag} waitedS={group.lag_seconds} /> },
            { label: text.inLog, value: <Mono copy>{group.name_in_log}</Mono> },
          ]}
        />
      </div>
      <Table<GroupPartition>
        label={text.table(group.group)}
        rows={rows}
        rowKey={({ partition }) => String(partition)}
        columns={[
          { key: "partition", header: text.partition, primary: true, cell: ({ partition }) => partition },
          {
            key: "reader",
            header: text.reader,
            cell: ({ reader }) =>
              reader === undefined ? words.unknown : <Foreign max={80}>{reader}</Foreign>,
          },
          {
            key: "committed",
            header: text.committed,
            align: "right",
            cell: ({ committed }) => (committed === undefined ? text.never : <Count value={committed} />),
          },
          { key: "end", header: text.end, align: "right", cell: ({ end }) => known(end) },
          { key: "lag", header: text.lagColumn, align: "right", cell: ({ lag }) => known(lag) },
          {
            key: "waits",
            header: text.waitsColumn,
            align: "right",
            cell: ({ lag, waitedS }) => <Waits lag={lag} waitedS={waitedS} />,
          },
        ]}
      />
      {rows.length < partitions.length && (
        <div className="mt-2 flex justify-center">
          <Button size="sm" variant="ghost" onClick={() => setWhole(true)}>
            {text.all(partitions.length)}
          </Button>
        </div>
      )}
    </Card>
  );
}

function known(value: number | undefined) {
  return value === undefined ? words.unknown : <Count value={value} />;
}

function Waits({ lag, waitedS }: { lag: number | undefined; waitedS: number | null | undefined }) {
  const waiting = waitingOf(lag, waitedS);
  if (waiting.kind === "since") return <span>{formatDuration(waiting.seconds * 1000)}</span>;
  return <span className="text-muted">{waiting.kind === "none" ? text.waitsNot : text.waitsUnknown}</span>;
}
