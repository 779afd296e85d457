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

/** The version of an AI system that nobody named, with no model to name it by. */
export const AI_VERSION_UNKNOWN = "unknown";

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
  const { timestamp, unixMs } = timeOf(event.timestamp);
  const composed: Record<string, unknown> = {
    ...event,
    ai_id: aiId,
    ai_version: event.ai_version ?? speaker.aiVersion ?? modelOf(event) ?? AI_VERSION_UNKNOWN,
    timestamp,
    event_id: event.event_id ?? newEventId(unixMs),
    sequence: event.sequence ?? sequence(aiId),
    metadata: metadata === undefined ? (event.metadata ?? {}) : merged(metadata, event.metadata),
    signature_algorithm: ALGORITHM,
  };
  const keyId = event.key_id ?? speaker.signingKeyId;
  if (keyId !== undefined) composed["key_id"] = keyId;
  return composed;
}

function timeOf(timestamp: string | Date | undefined): { timestamp: string; unixMs: number } {
  if (typeof timestamp === "string") {
    return { timestamp, unixMs: parseTimestamp(timestamp)?.unixMs ?? Date.now() };
  }
  const unixMs = timestamp === undefined ? Date.now() : timestamp.getTime();
  // A date that is none is told by its fault: the schema names the place.
  if (Number.isNaN(unixMs)) return { timestamp: "Invalid Date", unixMs: Date.now() };
  return { timestamp: new Date(unixMs).toISOString(), unixMs };
}

/** The model that an event names: the nearest to a version that it has. */
function modelOf(event: NewEvent): string | undefined {
  const model = event.action?.model ?? event.response?.model ?? event.query?.model;
  return typeof model === "string" && model !== "" ? model.slice(0, 128) : undefined;
}

/** What the event says of itself wins; labels are those of both. */
export function merged(outer: Metadata, inner: Metadata | undefined): Metadata {
  if (inner === undefined) return outer;
  const labels = outer.labels && inner.labels ? { ...outer.labels, ...inner.labels } : (inner.labels ?? outer.labels);
  const both: Metadata = { ...outer };
  for (const [name, value] of Object.entries(inner)) {
    if (value !== undefined) (both as Record<string, unknown>)[name] = value;
  }
  return labels === undefined ? both : { ...both, labels };
}
