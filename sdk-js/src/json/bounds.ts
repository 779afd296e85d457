/** How deep objects and arrays may stand in one another; the outermost one counts. */
export const DEPTH_MAX = 64;

/** The largest event, in bytes of its JSON: 256 KiB. */
export const EVENT_BYTES_MAX = 256 * 1024;

/** A value that is plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json };

// Of ECMAScript 2024: there in Node 20, in the browsers of that year, and in no `lib` that this is built with.
type WellFormedness = { isWellFormed?: () => boolean; toWellFormed?: () => string };

/** Whether a string is all characters: no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  const native = text as unknown as WellFormedness;
  return native.isWellFormed === undefined ? !/\p{Surrogate}/u.test(text) : native.isWellFormed();
}

/** Halves of surrogate pairs become U+FFFD. */
export function toWellFormed(text: string): string {
  const native = text as unknown as WellFormedness;
  return native.toWellFormed === undefined ? text.replace(/\p{Surrogate}/gu, "\uFFFD") : native.toWellFormed();
}

/** Whether its text is an integer that not every JSON library reads alike. */
export function isAmbiguousInteger(number: number): boolean {
  const size = Math.abs(number);
  return size > Number.MAX_SAFE_INTEGER && size < 1e21; // from there on it has an exponent, and is a double to all
}

type BufferLike = { readonly Buffer?: { byteLength(text: string): number } };
const { Buffer: native } = globalThis as BufferLike;

/** How many bytes a text has in UTF-8. */
export function utf8Bytes(text: string): number {
  if (native !== undefined) return native.byteLength(text);
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // Of a surrogate pair each half counts two.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
