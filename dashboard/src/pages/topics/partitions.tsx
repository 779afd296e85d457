/** What each partition holds: whether messages spread evenly is seen by the bars. */
import { useState } from "react";
import type { Schemas } from "@/api";
import { Button, Card, Count, Table } from "@/ui";
import { words } from "./words";

/** More rows are shown when they are wanted. */
const SHOWN = 12;

type Partition = Schemas["TopicPartition"];

const messagesOf = ({ earliest, end }: Partition) => Math.max(0, end - earliest);

export function Partitions({ partitions }: { partitions: readonly Partition[] }) {
  const { partitions: text } = words;
  const [isWhole, setWhole] = useState(false);
  const most = Math.max(1, ...partitions.map(messagesOf));
  const rows = isWhole ? [...partitions] : partitions.slice(0, SHOWN);
  return (
    <Card title={text.title}>
      <Table<Partition>
        label={text.table}
        rows={rows}
        rowKey={({ partition }) => String(partition)}
        columns={[
          { key: "partition", header: text.partition, primary: true, cell: ({ partition }) => partition },
          {
            key: "earliest",
            header: text.earliest,
            align: "right",
            cell: ({ earliest }) => <Count value={earliest} />,
          },
          { key: "end", header: text.end, align: "right", cell: ({ end }) => <Count value={end} /> },
          {
            key: "messages",
            header: text.messages,
            align: "right",
            cell: (partition) => <Amount messages={messagesOf(partition)} most={most} />,
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

function Amount({ messages, most }: { messages: number; most: number }) {
  return (
    <span className="inline-flex items-center justify-end gap-2">
      <span aria-hidden="true" className="hidden h-1 w-16 overflow-hidden rounded-full bg-raised sm:block">
        <span className="block h-full bg-series-1" style={{ width: `${(messages / most) * 100}%` }} />
      </span>
      <Count value={messages} />
    </span>
  );
}
