/** The id of an event: a UUIDv7 (RFC 9562), made at random, or of its signature. */

import { signatureBytes } from "./hex.js";
import { parseTimestamp } from "./timestamp.js";

const BYTE_HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

// Random bytes are asked for many ids at once: each asking costs some microseconds.
const POOL = new Uint8Array(10 * 512);
let poolAt = POOL.length;

/** A new UUIDv7 of that time. */
export function newEventId(unixMs: number): string {
  if (poolAt >= POOL.length) {
    crypto.getRandomValues(POOL);
    poolAt = 0;
  }
  poolAt += 10;
  return uuidV7(unixMs, POOL, poolAt - 10);
}

/** The id of an event that brings none: the time of `timestamp`, and the first bits of its signature. */
export function deriveEventId(timestamp: string, signature: string): string | undefined {
  const bytes = signatureBytes(signature);
  const moment = parseTimestamp(timestamp);
  if (bytes === undefined || moment === undefined) return undefined;
  // 12 bits behind the version, then 62 behind the variant, which are no whole bytes.
  const random = new Uint8Array(10);
  random[0] = (bytes[0] ?? 0) >> 4;
  random[1] = ((bytes[0] ?? 0) << 4) | ((bytes[1] ?? 0) >> 4);
  random[2] = (((bytes[1] ?? 0) & 0x0f) << 2) | ((bytes[2] ?? 0) >> 6);
  for (let at = 3; at < 10; at++) random[at] = ((bytes[at - 1] ?? 0) << 2) | ((bytes[at] ?? 0) >> 6);
  return uuidV7(moment.unixMs, random, 0);
}

/** The time inside a UUIDv7, in milliseconds since the Unix epoch. */
export function unixMsOf(eventId: string): number {
  return Number.parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16);
}

// Many ids are of one millisecond: the first of their digits are the same.
let timeMs = Number.NaN;
let timeText = "";

/** Ten bytes behind the time; version and variant are set over their bits. */
function uuidV7(unixMs: number, random: Uint8Array, at: number): string {
  if (unixMs !== timeMs) {
    const time = Math.max(0, Math.floor(unixMs)).toString(16).padStart(12, "0");
    timeText = `${time.slice(0, 8)}-${time.slice(8)}-`;
    timeMs = unixMs;
  }
  const version = hex(((random[at] as number) & 0x0f) | 0x70) + hex(random[at + 1]);
  const variant = hex(((random[at + 2] as number) & 0x3f) | 0x80) + hex(random[at + 3]);
  const node = hex(random[at + 4]) + hex(random[at + 5]) + hex(random[at + 6]);
  return `${timeText}${version}-${variant}-${node}${hex(random[at + 7])}${hex(random[at + 8])}${hex(random[at + 9])}`;
}

function hex(byte: number | undefined): string {
  return BYTE_HEX[byte as number] as string;
}
