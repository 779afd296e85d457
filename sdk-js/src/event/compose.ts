/** What an event gets where it says nothing. */

import { ConfigurationError } from "../errors.js";
import { newEventId } from "./identity.js";
import { ALGORITHM } from "./signature.js";
import { parseTimestamp } from "./timestamp.js";
import type { Metadata, NewEvent } from "./types.js";

/** Who speaks, where an event does not say so. */
export interface Speaker {
  readonly aiId: string | undefined;
  readonly aiVersion: string | undefined;
  readonly signingKeyId: string | undefined;
}

type Labels = NonNullable<Metadata["labels"]>;

/** The version of an AI system that nobody named, with no model to name it by. */
export const AI_VERSION_UNKNOWN = "unknown";

/** How many labels an event may have. */
export const LABELS_MAX = 32;

/** An event with everything but its signature; `sequence` is asked only when there is none. */
export function compose(
  event: NewEvent,
  speaker: Speaker,
  metadata: Metadata | undefined,
  sequence: (aiId: string) => number,
): Record<string, unknown> {
  const aiId = event.ai_id ?? speaker.aiId;
  if (aiId === undefined) {
    throw new ConfigurationError("no AI system: set GAPIN_AI_ID, give `aiId`, or name an `ai_id` in the event");
  }
  const unixMs = momentOf(event.timestamp);
  const keyId = event.key_id ?? speaker.signingKeyId;
  // In the order of the canonical form, so that nobody has to sort.
  const composed: Record<string, unknown> = {
    action: event.action,
    ai_id: aiId,
    ai_version: event.ai_version ?? speaker.aiVersion ?? modelOf(event) ?? AI_VERSION_UNKNOWN,
    decision: event.decision,
    error: event.error,
    event_id: event.event_id ?? newEventId(unixMs),
    event_type: event.event_type,
    key_id: keyId,
    metadata: metadata === undefined ? (event.metadata ?? {}) : merged(metadata, event.metadata),
    query: event.query,
    response: event.response,
    sequence: event.sequence ?? sequence(aiId),
    signature_algorithm: ALGORITHM,
    timestamp: timestampOf(event.timestamp, unixMs),
  };
  return withOthers(composed, event);
}

/** With what was given besides: it is no member, and whoever checks the event tells its sender so. */
export function withOthers<T extends object>(told: T, given: object): T {
  for (const name in given) {
    if (Object.hasOwn(told, name) || !Object.hasOwn(given, name)) continue;
    const value = (given as Record<string, unknown>)[name];
    Object.defineProperty(told, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return told;
}

/** When it happened; now, where that can't be read. */
function momentOf(timestamp: string | Date | undefined): number {
  if (timestamp === undefined) return Date.now();
  const unixMs = typeof timestamp === "string" ? parseTimestamp(timestamp)?.unixMs : timestamp.getTime();
  return unixMs === undefined || Number.isNaN(unixMs) ? Date.now() : unixMs;
}

/** A date that is none is told by its fault: the schema names the place. */
function timestampOf(timestamp: string | Date | undefined, unixMs: number): string {
  if (typeof timestamp === "string") return timestamp;
  return timestamp !== undefined && Number.isNaN(timestamp.getTime()) ? "Invalid Date" : isoText(unixMs);
}

// Many events are of one millisecond.
let isoMs = Number.NaN;
let iso = "";

function isoText(unixMs: number): string {
  if (unixMs !== isoMs) {
    iso = new Date(unixMs).toISOString();
    isoMs = unixMs;
  }
  return iso;
}

/** The model that an event names: the nearest to a version that it has. */
function modelOf(event: NewEvent): string | undefined {
  const model = event.action?.model ?? event.response?.model ?? event.query?.model;
  return typeof model === "string" && model !== "" ? model.slice(0, 128) : undefined;
}

/** What the event says of itself wins; labels are its own, and as many of the others as there is room for. */
export function merged(outer: Metadata, inner: Metadata | undefined): Metadata {
  if (inner === undefined) return outer;
  const labels = outer.labels && inner.labels ? labelsOf(outer.labels, inner.labels) : (inner.labels ?? outer.labels);
  const both: Metadata = { ...outer };
  for (const [name, value] of Object.entries(inner)) {
    if (value !== undefined) (both as Record<string, unknown>)[name] = value;
  }
  return labels === undefined ? both : { ...both, labels };
}

function labelsOf(outer: Labels, inner: Labels): Labels {
  const room = Math.max(0, LABELS_MAX - Object.keys(inner).length);
  const others = Object.entries(outer).filter(([name]) => !Object.hasOwn(inner, name));
  return { ...Object.fromEntries(others.slice(0, room)), ...inner };
}
