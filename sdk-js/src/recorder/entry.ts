/** An event on its way: what it said when it was recorded, as text, so that nothing changes it any more. */

import { EVENT_ID_DISTANCE_MS_MAX, isCalled } from "../event/check.js";
import type { SigningKey } from "../event/hmac.js";
import { newEventId, unixMsOf } from "../event/identity.js";
import { parted, SIGNATURE_BYTES, withSignature } from "../event/signature.js";
import { parseTimestamp } from "../event/timestamp.js";
import type { SignedEvent } from "../event/types.js";
import { utf8Bytes } from "../json/bounds.js";
import { canonicalizeToSend } from "../json/canonical.js";

export class Entry {
  /** With its signature and a line's end. */
  bytes: number;
  /** Which of its recorder's events it is: later ones have higher numbers. */
  ticket = 0;
  /** When the first attempt to deliver it failed. */
  failedAtMs: number | undefined = undefined;
  /** Whether its time was mended already. */
  isRetimed = false;
  /** Where the disk queue has it. */
  place: unknown = undefined;
  #canonical: string;
  /** Of the canonical form; made when it is asked for first. */
  #signature: string | undefined = undefined;

  constructor(
    canonical: string,
    canonicalBytes: number,
    readonly recordedAtMs: number,
  ) {
    this.#canonical = canonical;
    this.bytes = canonicalBytes + SIGNATURE_BYTES + 1;
  }

  /** One that was signed already: by a process before this one, or by whoever recorded it. */
  static ofSigned(canonical: string, signature: string): Entry {
    const entry = new Entry(canonical, utf8Bytes(canonical), performance.now());
    entry.#signature = signature;
    return entry;
  }

  /** The same, of its text; `undefined` where that is no event. */
  static ofLine(line: string): Entry | undefined {
    const { canonical, signature } = parted(line);
    return isJson(line) ? Entry.ofSigned(canonical, signature) : undefined;
  }

  /** The event as it is sent. */
  line(key: SigningKey): string {
    this.#signature ??= key.sign(this.#canonical);
    return withSignature(this.#canonical, this.#signature);
  }

  /** Writes that and a line's end before a place, and gives where it begins. What stands before that is written over. */
  writeBefore(end: number, target: Buffer, key: SigningKey): number {
    const begin = end - this.bytes;
    const canonicalEnd = end - SIGNATURE_BYTES - 1;
    target.write(this.#canonical, begin, "utf8");
    this.#signature ??= key.signAt(target, begin, canonicalEnd);
    // In the place of the last brace.
    target.write(`,"signature":"${this.#signature}"}\n`, canonicalEnd - 1, "latin1");
    return begin;
  }

  /** The event, for a callback. */
  event(key: SigningKey): SignedEvent {
    return JSON.parse(this.line(key)) as SignedEvent;
  }

  /** Whether an answer is about this event: it names the id that a gateway keeps it under, in whatever case. */
  isCalled(id: unknown): boolean {
    const event = JSON.parse(this.#canonical) as SignedEvent;
    return isCalled({ ...event, signature: this.#signature ?? "" }, id);
  }

  /** The same event, of a time so much later (or earlier), to be signed anew. Keeps its id where its time allows. */
  retime(byMs: number, key: SigningKey): void {
    const { signature: _, ...event } = this.event(key);
    const unixMs = (parseTimestamp(event.timestamp)?.unixMs ?? Date.now()) + byMs;
    event.timestamp = new Date(unixMs).toISOString();
    if (event.event_id !== undefined && Math.abs(unixMsOf(event.event_id) - unixMs) > EVENT_ID_DISTANCE_MS_MAX) {
      event.event_id = newEventId(unixMs);
    }
    this.#canonical = canonicalizeToSend(event);
    this.bytes = utf8Bytes(this.#canonical) + SIGNATURE_BYTES + 1;
    this.#signature = undefined;
    this.isRetimed = true;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
