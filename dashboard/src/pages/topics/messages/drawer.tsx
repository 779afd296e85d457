/** One message, whole. */
import { ChevronDown, ChevronUp } from "lucide-react";
import { utf8Bytes } from "@/lib/text";
import { Bytes, Copy, DataList, Drawer, Foreign, IconButton, Json, Link, Mono, Time } from "@/ui";
import { words } from "../words";
import type { TopicMessage } from "./read";

interface Props {
  message: TopicMessage | undefined;
  onClose(): void;
  onPrevious?: () => void;
  onNext?: () => void;
}

export function MessageDrawer({ message, onClose, onPrevious, onNext }: Props) {
  const { message: text } = words;
  const open = message !== undefined;
  return (
    <Drawer
      open={open}
      onClose={onClose}
      focus="stay"
      width={520}
      title={message ? text.title(message.partition, message.offset) : ""}
      actions={
        message && (
          <>
            <IconButton
              icon={ChevronUp}
              label={text.previous}
              shortcut="k"
              disabled={onPrevious === undefined}
              onClick={onPrevious}
            />
            <IconButton
              icon={ChevronDown}
              label={text.next}
              shortcut="j"
              disabled={onNext === undefined}
              onClick={onNext}
            />
            <Copy value={message.text} label={text.copy} iconOnly />
          </>
        )
      }
    >
      {message && <Body message={message} />}
    </Drawer>
  );
}

function Body({ message }: { message: TopicMessage }) {
  const { message: text } = words;
  const headers = Object.entries(message.headers ?? {});
  const eventId = eventIdOf(message);
  return (
    <div className="flex flex-col gap-5 p-4">
      <DataList
        items={[
          { label: text.appended, value: <Time value={message.appended_at} style="datetime" /> },
          ...(message.timestamp
            ? [{ label: text.timestamp, value: <Time value={message.timestamp} style="datetime" /> }]
            : []),
          {
            label: text.key,
            value: message.key ? (
              <Mono copy>{message.key}</Mono>
            ) : (
              <span className="text-faint">{words.browser.noKey}</span>
            ),
          },
          ...(message.message_id ? [{ label: text.id, value: <Mono copy>{message.message_id}</Mono> }] : []),
          { label: text.size, value: <Bytes value={utf8Bytes(message.text)} /> },
        ]}
      />
      {eventId !== undefined && (
        <Link to="/event/$id" params={{ id: eventId }}>
          {text.event}
        </Link>
      )}
      <section className="flex flex-col gap-2">
        <h3 className="font-medium text-13">{text.headers}</h3>
        {headers.length === 0 ? (
          <p className="text-13 text-muted">{text.noHeaders}</p>
        ) : (
          <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 font-mono text-12">
            {headers.map(([name, value]) => (
              <Header key={name} name={name} value={value} />
            ))}
          </dl>
        )}
      </section>
      <section className="flex min-w-0 flex-col gap-2">
        <h3 className="font-medium text-13">{text.body}</h3>
        <Json text={message.text} value={parsed(message.text)} />
      </section>
    </div>
  );
}

function Header({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="min-w-0 max-w-40 break-words text-muted">
        <Foreign max={200}>{name}</Foreign>
      </dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">
        <Foreign>{value}</Foreign>
      </dd>
    </>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A record of the topic of events has a page of its own. */
function eventIdOf(message: TopicMessage): string | undefined {
  if (message.topic !== "aibbar.events") return undefined;
  const record = (parsed(message.text) as { record?: { event_id?: unknown } } | null)?.record;
  return typeof record?.event_id === "string" ? record.event_id : undefined;
}
