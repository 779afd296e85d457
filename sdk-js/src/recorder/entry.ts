/** An event on its way: what it said when it was recorded, as text, so that nothing changes it any more. */

import { EVENT_ID_DISTANCE_MS_MAX } from "../event/check.js";
import { type SigningKey, signSync } from "../event/hmac.js";
import { newEventId, unixMsOf } from "../event/identity.js";
import { SIGNATURE_BYTES, withSignature } from "../event/signature.js";
import { parseTimestamp } from "../event/timestamp.js";
import type { SignedEvent } from "../event/types.js";
import { canonicalizeToSend } from "../json/canonical.js";

export class Entry {
  /** With its signature and a line's end. */
  readonly bytes: number;
  readonly recordedAtMs = performance.now();
  /** When the first attempt to deliver it failed. */
  failedAtMs: number | undefined;
  /** Whether its time was mended already. */
  isRetimed = false;
  /** Where the disk queue has it. */
  place: unknown;
  #line: string | undefined;

  constructor(
    private canonical: string,
    canonicalBytes: number,
  ) {
    this.bytes = canonicalBytes + SIGNATURE_BYTES + 1;
  }

  /** One that was signed already, by a process before this one. */
  static ofLine(line: string): Entry {
    const entry = new Entry("", Buffer.byteLength(line) - SIGNATURE_BYTES);
    entry.#line = line;
    return entry;
  }

  /** The event as it is sent; signed the first time that it is asked for. */
  line(key: SigningKey): string {
    this.#line ??= withSignature(this.canonical, signSync(this.canonical, key));
    return this.#line;
  }

  /** The event, for a callback. */
  event(key: SigningKey): SignedEvent {
    return JSON.parse(this.line(key)) as SignedEvent;
  }

  /** The same event, of a time so much later (or earlier), to be signed anew. Keeps its id where its time allows. */
  retime(byMs: number, key: SigningKey): void {
    const { signature: _, ...event } = this.event(key);
    const unixMs = (parseTimestamp(event.timestamp)?.unixMs ?? Date.now()) + byMs;
    event.timestamp = new Date(unixMs).toISOString();
    if (event.event_id !== undefined && Math.abs(unixMsOf(event.event_id) - unixMs) > EVENT_ID_DISTANCE_MS_MAX) {
      event.event_id = newEventId(unixMs);
    }
    this.canonical = canonicalizeToSend(event);
    this.#line = undefined;
    this.isRetimed = true;
  }
}
