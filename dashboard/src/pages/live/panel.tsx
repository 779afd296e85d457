/** The panel beside the rows: the event or message that the address names, from the rows or from the store. */
import { useMemo, useRef } from "react";
import { $api } from "@/api";
import { EventActions } from "@/events/event-actions";
import { type DetailTab, EventDetail } from "@/events/event-detail";
import { readRecord } from "@/events/record";
import { writeJson } from "@/lib/json-write";
import { Delayed, Drawer, Empty, EventTypeBadge, Mono, Problem, Skeleton } from "@/ui";
import { rowAt, rowCount, type View } from "./live-list";
import { MessageActions, MessageDetail } from "./message-detail";
import { parsed, type Row } from "./row";
import { words } from "./words";

interface Props {
  id: string;
  view: View;
  tab: DetailTab;
  onTab(tab: DetailTab): void;
  onOpen(id: string): void;
  onClose(): void;
}

const UUID = /^[0-9a-f-]{36}$/i;

export function Panel(props: Props) {
  const row = useRow(props.id, props.view);
  if (row?.kind === "event") return <EventPanel {...props} text={row.text} />;
  if (row?.kind === "message") return <MessagePanel {...props} row={row} />;
  if (UUID.test(props.id)) return <StoredPanel {...props} />;
  return (
    <Drawer open onClose={props.onClose} title={words.event} focus="stay">
      <Empty title={words.gone}>{words.goneText}</Empty>
    </Drawer>
  );
}

/** The row stays as long as the panel is open, also when the list has let it go. */
function useRow(id: string, view: View): Row | undefined {
  const found = useRef<Row>(undefined);
  if (found.current?.id !== id) found.current = findRow(id, view);
  return found.current;
}

function findRow(id: string, view: View): Row | undefined {
  for (let index = 0; index < rowCount(view); index += 1) {
    const row = rowAt(view, index);
    if (row?.id === id) return row;
  }
  return undefined;
}

/** Not among the rows: a link that was followed, or a neighbour in the session. */
function StoredPanel(props: Props) {
  const { id, onClose } = props;
  const stored = $api.useQuery("get", "/aibbar/events/{event_id}", { params: { path: { event_id: id } } });
  const text = useMemo(() => (stored.data === undefined ? undefined : writeJson(stored.data)), [stored.data]);
  if (text !== undefined) return <EventPanel {...props} text={text} />;
  return (
    <Drawer open onClose={onClose} title={<Mono truncate>{id}</Mono>} focus="stay">
      <div className="p-4">
        {stored.error === null ? (
          <Delayed>
            <div className="flex flex-col gap-3">
              {["w-2/3", "w-full", "w-full", "w-1/2"].map((width, index) => (
                <Skeleton key={index} className={width} />
              ))}
            </div>
          </Delayed>
        ) : (
          <Problem error={stored.error} onRetry={() => void stored.refetch()} />
        )}
      </div>
    </Drawer>
  );
}

function EventPanel({ text, tab, onTab, onOpen, onClose }: Props & { text: string }) {
  const record = useMemo(() => readRecord(parsedText(text)), [text]);
  return (
    <Drawer
      open
      onClose={onClose}
      focus="stay"
      title={<EventTypeBadge type={record.type} className="text-14" />}
      actions={<EventActions id={record.id} text={text} />}
    >
      <EventDetail record={record} text={text} tab={tab} onTab={onTab} onOpen={onOpen} />
    </Drawer>
  );
}

function MessagePanel({ row, onClose }: Props & { row: Row }) {
  const message = useMemo(() => parsed(row), [row]);
  return (
    <Drawer
      open
      onClose={onClose}
      focus="stay"
      title={<Mono truncate>{row.id}</Mono>}
      actions={<MessageActions row={row} />}
    >
      <MessageDetail key={row.id} message={message} />
    </Drawer>
  );
}

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
