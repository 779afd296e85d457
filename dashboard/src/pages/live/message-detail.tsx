/** A message of a topic that is not of events: where it lies, and what it says. */
import { Download } from "lucide-react";
import { textOf } from "@/events/record";
import { member } from "@/lib/any-json";
import { download } from "@/lib/download";
import { formatExact } from "@/lib/numbers";
import { Copy, DataList, Foreign, IconButton, Json, Mono, Time } from "@/ui";
import type { Row } from "./row";
import { words } from "./words";

export function MessageActions({ row }: { row: Row }) {
  return (
    <>
      <Copy value={row.text} iconOnly />
      <IconButton
        icon={Download}
        label={words.download}
        size="sm"
        onClick={() => download(`${row.id}.json`, "application/json", `${row.text}\n`)}
      />
    </>
  );
}

export function MessageDetail({ message }: { message: unknown }) {
  const key = textOf(message, "key");
  const published = textOf(message, "timestamp");
  const kept = textOf(message, "appended_at");
  const id = textOf(message, "message_id");
  const headers = member(message, "headers");
  const items = [
    { label: words.topic, value: <Mono>{textOf(message, "topic") ?? ""}</Mono> },
    ...(key === undefined ? [] : [{ label: words.key, value: <Mono copy>{key}</Mono> }]),
    { label: words.partition, value: number(member(message, "partition")) },
    { label: words.offset, value: number(member(message, "offset")) },
    ...(published === undefined
      ? []
      : [{ label: words.publishedAt, value: <Time value={published} style="datetime" /> }]),
    ...(kept === undefined
      ? []
      : [{ label: words.appendedAt, value: <Time value={kept} style="datetime" /> }]),
    ...(id === undefined ? [] : [{ label: words.messageId, value: <Mono copy>{id}</Mono> }]),
  ];
  return (
    <div className="flex min-w-0 flex-col gap-5 p-4">
      <DataList items={items} />
      {typeof headers === "object" && headers !== null && (
        <section className="min-w-0">
          <h3 className="mb-1.5 font-medium text-12 text-muted">{words.headers}</h3>
          <DataList
            items={Object.entries(headers).map(([name, value]) => ({
              label: name,
              value: <Foreign>{String(value)}</Foreign>,
            }))}
          />
        </section>
      )}
      <section className="min-w-0">
        <h3 className="mb-1.5 font-medium text-12 text-muted">{words.message}</h3>
        <Json value={member(message, "message") ?? null} />
      </section>
    </div>
  );
}

function number(value: unknown): string {
  return typeof value === "number" ? formatExact(value) : "–";
}
