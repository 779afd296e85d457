/** The messages of one page: one line each, cut where there is no more room. */
import { Count, Foreign, Table, Time } from "@/ui";
import { words } from "../words";
import { messageParam } from "./place";
import type { TopicMessage } from "./read";

/** Of a body so many characters are put into the page; the drawer has all of it. */
const PREVIEW_CHARS = 160;
const KEY_CHARS = 60;

interface Props {
  messages: TopicMessage[];
  selected: string | undefined;
  onSelect(message: TopicMessage): void;
}

export function MessageTable({ messages, selected, onSelect }: Props) {
  const { columns, table } = words.browser;
  return (
    <Table<TopicMessage>
      label={table}
      rows={messages}
      rowKey={messageParam}
      onRowOpen={onSelect}
      isSelected={(message) => messageParam(message) === selected}
      columns={[
        {
          key: "at",
          header: columns.at,
          width: "11rem",
          primary: true,
          cell: ({ appended_at }) => <Time value={appended_at} style="datetime" />,
        },
        {
          key: "partition",
          header: columns.partition,
          align: "right",
          width: "5rem",
          cell: ({ partition }) => partition,
        },
        {
          key: "offset",
          header: columns.offset,
          align: "right",
          width: "7rem",
          cell: ({ offset }) => <Count value={offset} />,
        },
        {
          key: "key",
          header: columns.key,
          width: "12rem",
          cell: ({ key }) => <Key value={key} />,
        },
        { key: "message", header: columns.message, cell: (message) => <Preview message={message} /> },
      ]}
    />
  );
}

function Key({ value }: { value: string | null | undefined }) {
  if (value === null || value === undefined) return <span className="text-faint">{words.browser.noKey}</span>;
  return (
    <span className="font-mono text-12">
      <Foreign max={KEY_CHARS}>{value}</Foreign>
    </span>
  );
}

function Preview({ message }: { message: TopicMessage }) {
  if (message.text === "null" && message.key) {
    return <span className="text-faint">{words.browser.deletes}</span>;
  }
  return (
    <span className="block min-w-0 truncate font-mono text-12">
      <Foreign max={PREVIEW_CHARS}>{message.text}</Foreign>
    </span>
  );
}
