/** `client.events`: what is kept. */

import type { EventRecord, EventType } from "../event/types.js";
import type { Transport } from "../http/transport.js";
import { Listing, segment } from "./pages.js";

/** Which events; all conditions hold. */
export interface EventFilter {
  ai_id?: string | undefined;
  event_type?: EventType | undefined;
  /** From this time on; RFC 3339, or a `Date`. */
  from?: string | Date | undefined;
  /** Before this time. */
  to?: string | Date | undefined;
  session_id?: string | undefined;
  request_id?: string | undefined;
  /** Events with this text somewhere. */
  q?: string | undefined;
}

/** The events that are kept: `client.events`. */
export class Events {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The events that match, newest first; fetched page by page of `limit` as they are read. */
  list(filter: EventFilter & { limit?: number | undefined; cursor?: string | undefined } = {}): Listing<EventRecord> {
    return new Listing(this.#transport, "/aibbar/events", filterQuery(filter));
  }

  /** One event as it is kept. */
  async get(eventId: string): Promise<EventRecord> {
    return this.#transport.json({ method: "GET", path: `/aibbar/events/${segment(eventId)}` });
  }
}

/** The parameters of a filter: a `Date` as RFC 3339. */
export function filterQuery(filter: object): Record<string, string | undefined> {
  const told = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    told.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : String(value)]),
  );
}
