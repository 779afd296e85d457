/**
 * Whatever a caller hands over, as the canonical form of an object that can be signed: never throws, and takes no longer
 * than its bounds allow. What JSON lacks gets a form that a person reads:
 *
 * | value | becomes |
 * |---|---|
 * | `undefined` | nothing in an object, `null` in an array |
 * | `Date`; `BigInt`; an integer beyond ±(2^53 − 1); `NaN`, `±Infinity` | text |
 * | `Map` | an object; `Set` and what else is iterable over values: an array |
 * | bytes | `base64:…` |
 * | `Error` | `{name, message, code?, stack?, cause?}` |
 * | what has a `toJSON` | what that gives |
 * | functions, symbols | `[function f]`, `Symbol(s)` |
 * | other instances | their own members |
 * | half of a surrogate pair | U+FFFD |
 * | an object inside itself; more than 64 levels; a getter that throws | `[circular]`, `[too deep]`, `[unreadable]` |
 * | more than 256 KiB | texts and lists are cut: `…[1234 more]` |
 */

import { DEPTH_MAX, EVENT_BYTES_MAX, isAmbiguousInteger, isWellFormed, toWellFormed, utf8Bytes } from "./bounds.js";

/** How long texts and lists may be. The first that makes it fit is taken. */
const CUTS: readonly { readonly text: number; readonly items: number }[] = [
  { text: 262_144, items: 65_536 },
  { text: 65_536, items: 8_192 },
  { text: 16_384, items: 1_024 },
  { text: 4_096, items: 256 },
  { text: 1_024, items: 64 },
  { text: 256, items: 16 },
  { text: 64, items: 8 },
];

/** The canonical form of an object in at most `bytesMax` bytes; `undefined` when no cut makes it fit. */
export function writeSafely(object: object, bytesMax: number): { text: string; bytes: number } | undefined {
  for (const cut of CUTS) {
    const text = new Writer(cut.text, cut.items, bytesMax).whole(object);
    if (text === undefined) continue;
    const bytes = utf8Bytes(text);
    if (bytes <= bytesMax) return { text, bytes };
  }
  return undefined;
}

/** A copy of a value as it is now, in its safe form: what becomes of the value afterwards does not change it. */
export function snapshot(value: unknown): unknown {
  const written = writeSafely({ value }, EVENT_BYTES_MAX);
  return written === undefined ? "[too large]" : (JSON.parse(written.text) as { value: unknown }).value;
}

/** More is written than may be. */
class Overflow extends Error {}

class Writer {
  private readonly open: object[] = [];
  /** How many UTF-16 units may still be written: never more than the bytes that they become. */
  private left: number;

  constructor(
    private readonly textMax: number,
    private readonly itemsMax: number,
    bytesMax: number,
  ) {
    this.left = bytesMax;
  }

  whole(object: object): string | undefined {
    try {
      return this.value(object);
    } catch (error) {
      // Nothing else throws: what a caller's own code throws is caught where it is called.
      if (error instanceof Overflow || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private take(text: string): string {
    this.left -= text.length + 1; // and a comma or a colon
    if (this.left < 0) throw new Overflow();
    return text;
  }

  private value(value: unknown): string {
    switch (typeof value) {
      case "string":
        return this.string(value);
      case "number":
        return this.number(value);
      case "boolean":
        return this.take(value ? "true" : "false");
      case "undefined":
        return this.take("null");
      case "bigint":
        return this.string(value.toString());
      case "symbol":
        return this.string(value.toString());
      case "function":
        return this.string(`[function ${attempt(() => value.name) ?? ""}]`);
      default:
        return value === null ? this.take("null") : this.object(value as object);
    }
  }

  private string(text: string): string {
    let shown = text;
    if (shown.length > this.textMax) {
      shown = `${shown.slice(0, this.textMax)}…[${shown.length - this.textMax} more]`;
    }
    if (!isWellFormed(shown)) shown = toWellFormed(shown);
    return this.take(JSON.stringify(shown));
  }

  private number(number: number): string {
    if (!Number.isFinite(number)) return this.string(String(number));
    if (isAmbiguousInteger(number)) return this.string(BigInt(number).toString());
    return this.take(String(number));
  }

  private object(object: object): string {
    if (this.open.includes(object)) return this.string("[circular]");
    if (this.open.length >= DEPTH_MAX) return this.string("[too deep]");
    this.open.push(object);
    try {
      if (Array.isArray(object)) return this.array(object, object.length);
      const prototype: unknown = Object.getPrototypeOf(object);
      const isPlain = prototype === Object.prototype || prototype === null;
      if (isPlain && typeof (object as { toJSON?: unknown }).toJSON !== "function") return this.members(object);
      return this.instance(object);
    } catch (error) {
      if (error instanceof Overflow) throw error;
      return this.string("[unreadable]"); // a proxy or a getter threw
    } finally {
      this.open.pop();
    }
  }

  private array(values: Iterable<unknown>, count: number): string {
    const written: string[] = [];
    for (const value of values) {
      if (written.length === this.itemsMax) {
        written.push(this.string(`…[${count - this.itemsMax} more]`));
        break;
      }
      written.push(this.value(value));
    }
    return `[${written.join(",")}]`;
  }

  private members(object: object): string {
    const names = Object.keys(object);
    for (let at = 1; at < names.length; at++) {
      if ((names[at - 1] ?? "") > (names[at] ?? "")) {
        names.sort();
        break;
      }
    }
    if (names.length > this.itemsMax || !names.every(isName)) return this.entries(lazily(object, names), names.length);
    let text = "{";
    for (const name of names) {
      const value = read(object, name);
      if (value === undefined) continue;
      const written = this.take(quoted(name));
      text += text.length > 1 ? `,${written}:` : `${written}:`;
      text += this.value(value);
    }
    return `${text}}`;
  }

  /** Of names that may be the same once they are text; the last wins. */
  private entries(entries: Iterable<readonly [unknown, unknown]>, count: number): string {
    const texts = new Map<string, string>();
    for (const [key, value] of entries) {
      if (value === undefined) continue;
      if (texts.size === this.itemsMax) {
        texts.set("…", this.string(`[${count - this.itemsMax} more]`));
        break;
      }
      const name = toWellFormed(typeof key === "string" ? key : (attempt(() => String(key)) ?? "[unreadable]"));
      texts.set(name.length > this.textMax ? name.slice(0, this.textMax) : name, this.value(value));
    }
    const members = [...texts.keys()].sort().map((name) => `${this.string(name)}:${texts.get(name)}`);
    return `{${members.join(",")}}`;
  }

  private instance(object: object): string {
    if (object instanceof Date)
      return this.string(Number.isNaN(object.getTime()) ? "Invalid Date" : object.toISOString());
    if (object instanceof Map) return this.entries(object, object.size);
    if (object instanceof Set) return this.array(object, object.size);
    const bytes = bytesOf(object);
    if (bytes !== undefined) return this.bytes(bytes);
    if (object instanceof Error) return this.members(errorMembers(object));
    const { toJSON } = object as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.value(toJSON.call(object));
    if (object instanceof RegExp || object instanceof URL) return this.string(String(object));
    if (object instanceof String || object instanceof Number || object instanceof Boolean) {
      return this.value(object.valueOf());
    }
    return this.members(object);
  }

  private bytes(bytes: Uint8Array): string {
    const shownMax = Math.min(this.textMax, 49_152);
    const shown = bytes.subarray(0, shownMax);
    const more = bytes.length > shownMax ? `…[${bytes.length - shownMax} more]` : "";
    return this.take(JSON.stringify(`base64:${base64(shown)}${more}`));
  }
}

function* lazily(object: object, names: readonly string[]): Generator<readonly [string, unknown]> {
  for (const name of names) yield [name, read(object, name)];
}

/** So many names of members are remembered as they are written: a program has few, and uses them over and over. */
const NAMES_MAX = 4_096;
const NAME_LENGTH_MAX = 64;
const quotedNames = new Map<string, string>();

/** Whether a name can be written as it is. */
function isName(name: string): boolean {
  return quotedNames.has(name) || (name.length <= NAME_LENGTH_MAX && isWellFormed(name));
}

function quoted(name: string): string {
  let text = quotedNames.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    if (quotedNames.size < NAMES_MAX) quotedNames.set(name, text);
  }
  return text;
}

/** A member, whatever its getter does. */
function read(object: object, name: string): unknown {
  try {
    return (object as Record<string, unknown>)[name];
  } catch {
    return "[unreadable]";
  }
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}

function bytesOf(object: object): Uint8Array | undefined {
  if (ArrayBuffer.isView(object)) return new Uint8Array(object.buffer, object.byteOffset, object.byteLength);
  return object instanceof ArrayBuffer ? new Uint8Array(object) : undefined;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** What an error tells; its own members are not enumerable. */
function errorMembers(error: Error): object {
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { cause, code, message, name, stack };
}
