/** An event from outside: read strictly, held to the schema, its time and its signature. What a gateway does. */

import { type Fault, InvalidEventError } from "../errors.js";
import { EVENT_BYTES_MAX, type JsonObject, utf8Bytes } from "../json/bounds.js";
import { parseStrict } from "../json/parse.js";
import { deriveEventId, unixMsOf } from "./identity.js";
import { schemaFaults } from "./schema.js";
import { isLater, type Moment, parseTimestamp } from "./timestamp.js";
import type { SignedEvent } from "./types.js";

/** How far the time inside a given `event_id` may lie from `timestamp`: 24 hours. */
export const EVENT_ID_DISTANCE_MS_MAX = 24 * 60 * 60 * 1000;

/** How far `timestamp` may lie from now. */
export interface TimeWindow {
  /** At most this far ahead; 5 minutes by default. */
  readonly aheadMsMax?: number;
  /** At most this old; 400 days by default. */
  readonly ageMsMax?: number;
}

/** Reads one event strictly and holds it to the schema; an {@link InvalidEventError} tells every fault. */
export function check(json: string | Uint8Array): SignedEvent {
  const bytes = typeof json === "string" ? utf8Bytes(json) : json.byteLength;
  if (bytes > EVENT_BYTES_MAX) throw tooLarge(bytes);
  const event = parseStrict(json);
  refuseFaults(schemaFaults(event));
  return event as JsonObject as unknown as SignedEvent;
}

/** The error of an event that is too large. */
export function tooLarge(bytes: number): InvalidEventError {
  return new InvalidEventError("event_too_large", `an event may have ${EVENT_BYTES_MAX} bytes; this one has ${bytes}`);
}

/** Throws when there are any. */
export function refuseFaults(faults: readonly Fault[]): void {
  const [first, ...others] = faults;
  if (first === undefined) return;
  const place = first.pointer === "" ? "the event" : `\`${first.pointer}\``;
  const more = others.length === 0 ? "" : `; and ${others.length} more fault${others.length === 1 ? "" : "s"}`;
  throw new InvalidEventError("schema_violation", `${place} ${first.detail}${more}`, faults);
}

/** Whether the event's time is one that a gateway takes at `now`, and its id of that time. */
export function checkTime(event: SignedEvent, now: string, window: TimeWindow = {}): void {
  const at = momentOf(event.timestamp);
  const current = momentOf(now);
  const aheadMsMax = window.aheadMsMax ?? 5 * 60_000;
  const ageMsMax = window.ageMsMax ?? 400 * 24 * 60 * 60_000;
  if (isLater(at, { ...current, unixMs: current.unixMs + aheadMsMax })) {
    throw new InvalidEventError("timestamp_in_future", `\`timestamp\` lies more than ${aheadMsMax / 1000} s ahead`);
  }
  if (at.unixMs < 0 || isLater({ ...current, unixMs: current.unixMs - ageMsMax }, at)) {
    throw new InvalidEventError("timestamp_too_old", "`timestamp` is older than events are kept");
  }
  if (event.event_id !== undefined && !isNear(event.event_id, at.unixMs)) {
    throw new InvalidEventError(
      "event_id_time_mismatch",
      "the time inside `event_id` lies more than 24 hours from `timestamp`",
    );
  }
}

/** What a gateway finds of an event's time and id whatever its own clock says. */
export function checkOwnTime(event: SignedEvent): void {
  checkTime(event, event.timestamp);
}

/** Whether the time inside an `event_id` is near enough to the event's own. */
export function isNear(eventId: string, unixMs: number): boolean {
  return Math.abs(unixMsOf(eventId) - unixMs) <= EVENT_ID_DISTANCE_MS_MAX;
}

/** The id that a gateway keeps an event under: its own, or the one derived from `timestamp` and `signature`. */
export function eventIdOf(event: SignedEvent): string | undefined {
  return event.event_id?.toLowerCase() ?? deriveEventId(event.timestamp, event.signature);
}

/** Whether an answer that names this id is about the event. */
export function isCalled(event: SignedEvent, id: unknown): boolean {
  return typeof id === "string" && id.toLowerCase() === eventIdOf(event);
}

function momentOf(text: string): Moment {
  const moment = parseTimestamp(text);
  if (moment === undefined)
    throw new InvalidEventError("schema_violation", "`timestamp` must be RFC 3339 with an offset");
  return moment;
}
