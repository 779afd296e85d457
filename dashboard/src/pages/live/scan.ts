/**
 * Walks over JSON text without building what it says: thousands of events a second pass here, and of most of them nothing
 * is wanted but an id. The text comes from a gateway, so only its brackets and strings are looked at.
 */

export class NotJson extends Error {
  override readonly name = "NotJson";
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;

/** Reads a member's value, which begins at `at`, and answers where it ends. */
export type Visit = (name: string, at: number) => number;

/** Visits the members of the object that begins at `at`; answers where it ends. */
export function eachMember(text: string, at: number, visit: Visit): number {
  let place = open(text, at, OBJECT);
  if (text.charCodeAt(place) === OBJECT_END) return place + 1;
  for (;;) {
    const nameEnd = endOfString(text, place);
    const name = stringAt(text, place, nameEnd);
    place = skipSpace(text, nameEnd);
    if (text.charCodeAt(place) !== COLON) throw new NotJson("a member without a value");
    place = skipSpace(text, visit(name, skipSpace(text, place + 1)));
    const next = text.charCodeAt(place);
    if (next === OBJECT_END) return place + 1;
    if (next !== COMMA) throw new NotJson("an object that does not end");
    place = skipSpace(text, place + 1);
  }
}

/** Visits the items of the list that begins at `at`; each visit answers where its item ends. */
export function eachItem(text: string, at: number, visit: (at: number) => number): number {
  let place = open(text, at, LIST);
  if (text.charCodeAt(place) === LIST_END) return place + 1;
  for (;;) {
    place = skipSpace(text, visit(place));
    const next = text.charCodeAt(place);
    if (next === LIST_END) return place + 1;
    if (next !== COMMA) throw new NotJson("a list that does not end");
    place = skipSpace(text, place + 1);
  }
}

/** Where the value ends that begins at `at`. */
export function endOfValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return endOfString(text, at);
  if (first === OBJECT || first === LIST) return endOfNested(text, at);
  let place = at;
  for (; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code === COMMA || code === OBJECT_END || code === LIST_END || isSpace(code)) break;
  }
  if (place === at) throw new NotJson("a value is missing");
  return place;
}

/** The text of the string from `at` to `end`, its quotes with it. */
export function stringAt(text: string, at: number, end: number): string {
  const inner = text.slice(at + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(at, end)) as string) : inner;
}

/** Whether a string begins there. */
export function isString(text: string, at: number): boolean {
  return text.charCodeAt(at) === QUOTE;
}

export function skipSpace(text: string, at: number): number {
  let place = at;
  while (isSpace(text.charCodeAt(place))) place += 1;
  return place;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function open(text: string, at: number, bracket: number): number {
  const place = skipSpace(text, at);
  if (text.charCodeAt(place) !== bracket) throw new NotJson("something else was expected");
  return skipSpace(text, place + 1);
}

function endOfNested(text: string, at: number): number {
  let depth = 0;
  for (let place = at; place < text.length; ) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) {
      place = endOfString(text, place);
      continue;
    }
    if (code === OBJECT || code === LIST) depth += 1;
    else if (code === OBJECT_END || code === LIST_END) {
      depth -= 1;
      if (depth === 0) return place + 1;
    }
    place += 1;
  }
  throw new NotJson("a value that does not end");
}

function endOfString(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) throw new NotJson("a string was expected");
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) throw new NotJson("a string that does not end");
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}
