/** What the live stream sends: `contract/asyncapi.yaml`. */

import { UnreadableError } from "../errors.js";
import type { EventRecord, EventType } from "../event/types.js";

/** One event, and the cursor that goes on behind it. */
export interface StreamedEvent extends EventRecord {
  readonly cursor: string;
}

/** One message of another topic. */
export interface StreamedMessage {
  readonly cursor: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly appended_at: string;
  readonly message: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timestamp?: string;
  readonly message_id?: string;
}

/** This reader was too slow, so many matching records were let go. They begin at `resume`. */
export interface Gap {
  readonly missed: number;
  /** Where they begin; `undefined` where nothing was said of it: then the stream goes on without them. */
  readonly resume: string | undefined;
}

export type Frame =
  | ({ readonly type: "event" } & StreamedEvent)
  | ({ readonly type: "message" } & StreamedMessage)
  | ({ readonly type: "gap" } & Gap)
  | { readonly type: "hello" | "expired"; readonly cursor?: string }
  | { readonly type: "bye"; readonly reason: string; readonly cursor?: string }
  | { readonly type: "other" };

/** Which events come; all conditions hold. */
export interface EventStreamFilter {
  topic?: undefined;
  ai_id?: string | undefined;
  event_type?: EventType | undefined;
  session_id?: string | undefined;
  request_id?: string | undefined;
  from?: string | Date | undefined;
  to?: string | Date | undefined;
  q?: string | undefined;
  /** Conditions on members, such as `/event/error/recoverable=false`. */
  where?: string | undefined;
}

/** Which messages come, of topics of one's own. */
export interface MessageStreamFilter {
  topic: string | readonly string[];
  q?: string | undefined;
  /** Conditions on members of the message, such as `/total=7`. */
  where?: string | undefined;
}

const KNOWN = new Set(["event", "message", "gap", "hello", "expired", "bye"]);

/**
 * A frame of its text; what a later gateway may send beside these is `other`.
 *
 * Throws an {@link UnreadableError} for what is no frame at all.
 */
export function frameOf(data: string): Frame {
  const frame = parsed(data);
  if (frame === undefined || !isWhole(frame)) {
    throw new UnreadableError("a frame of the stream is none of a gateway's");
  }
  return KNOWN.has(frame.type) ? frame : { type: "other" };
}

/** Whether an item has what it is known by, and the place behind it. What else a frame lacks, the stream does without. */
function isWhole(frame: Frame): boolean {
  const has = (...names: string[]): boolean => names.every((name) => Object.hasOwn(frame, name));
  if (frame.type === "event") {
    return typeof frame.cursor === "string" && frame.event instanceof Object && frame.record instanceof Object;
  }
  if (frame.type !== "message") return true;
  return typeof frame.cursor === "string" && has("topic", "partition", "offset", "message");
}

function parsed(data: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(data);
    return frame instanceof Object ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
}

/** What tells an item from all others: a cursor may lie a little behind, and bring it once more. */
export function identityOf(item: StreamedEvent | StreamedMessage): string {
  return "event" in item
    ? `${item.record.event_id} ${item.event.signature}`
    : `${item.topic} ${item.partition} ${item.offset}`;
}
