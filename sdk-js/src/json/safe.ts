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
import { quotedText } from "./text.js";

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

/** So many members of objects are looked at, whether they are written or not: twice as many as an event can hold. */
const LOOKS_MAX = 131_072;

/** More is written than may be. */
class Overflow extends Error {}

class Writer {
  private readonly open: object[] = [];
  /** How many UTF-16 units may still be written: never more than the bytes that they become. */
  private left: number;
  private looks = LOOKS_MAX;

  constructor(
    private readonly textMax: number,
    private readonly itemsMax: number,
    bytesMax: number,
  ) {
    this.left = bytesMax + 1; // a comma is counted behind the outermost object
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
    this.count(text.length + 1); // and a comma
    return text;
  }

  private count(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new Overflow();
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
    return this.take(quotedText(shown));
  }

  private number(number: number): string {
    if (!Number.isFinite(number)) return this.string(String(number));
    if (isAmbiguousInteger(number)) return this.string(BigInt(number).toString());
    return this.take(String(number));
  }

  private object(object: object): string {
    if (this.open.includes(object)) return this.string("[circular]");
    if (this.open.length >= DEPTH_MAX) return this.string("[too deep]");
    this.count(2); // its brackets; of the commas one less than there are values
    this.open.push(object);
    try {
      if (Array.isArray(object)) return this.array(object);
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

  private array(values: ArrayLike<unknown>): string {
    const count = Math.min(values.length, this.itemsMax);
    let text = "[";
    for (let at = 0; at < count; at++) {
      if (at > 0) text += ",";
      text += this.value(values[at]);
    }
    if (count < values.length) text += `,${this.string(`…[${values.length - count} more]`)}`;
    return `${text}]`;
  }

  private members(object: object): string {
    const names = Object.keys(object);
    if (names.length > this.itemsMax) return this.entries(lazily(object, names), names.length);
    sort(names);
    const labels = labelsOf(names);
    if (labels === undefined) return this.entries(lazily(object, names), names.length);
    this.look(names.length);
    let text = "";
    for (let at = 0; at < labels.length; at++) {
      const value = read(object, names[at] as string);
      if (value === undefined) continue;
      const label = labels[at] as Label;
      this.count(label.next.length - 1);
      text += text === "" ? label.first : label.next;
      text += this.value(value);
    }
    return text === "" ? "{}" : `${text}}`;
  }

  /** Members may be looked at without one being written. */
  private look(count: number): void {
    this.looks -= count;
    if (this.looks < 0) throw new Overflow();
  }

  /** Of names that may be the same once they are text; the last wins. */
  private entries(entries: Iterable<readonly [unknown, unknown]>, count: number): string {
    const texts = new Map<string, string>();
    for (const [key, value] of entries) {
      this.look(1);
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
    if (object instanceof Set) return this.array([...object]);
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

/** A member's name as it is written: of the first of an object, and of the others. */
interface Label {
  readonly first: string;
  readonly next: string;
}

/** So many names of members are remembered as they are written: a program has few, and uses them over and over. */
const NAMES_MAX = 4_096;
const NAME_LENGTH_MAX = 64;
const labels = new Map<string, Label>();

/** `undefined` when one of the names can't be written as it is (and so may become one that is there already), or is long. */
function labelsOf(names: readonly string[]): readonly Label[] | undefined {
  const found: Label[] = [];
  for (const name of names) {
    const label = labels.get(name) ?? newLabel(name);
    if (label === undefined) return undefined;
    found.push(label);
  }
  return found;
}

function newLabel(name: string): Label | undefined {
  if (name.length > NAME_LENGTH_MAX || !isWellFormed(name)) return undefined;
  const text = quotedText(name);
  const label = { first: `{${text}:`, next: `,${text}:` };
  if (labels.size < NAMES_MAX) labels.set(name, label);
  return label;
}

/** So many names are put in order by insertion: it is quicker, and they are most often in order already. */
const INSERTED_MAX = 32;

/** Into the order of UTF-16 units. */
function sort(names: string[]): void {
  if (names.length > INSERTED_MAX) {
    names.sort();
    return;
  }
  for (let at = 1; at < names.length; at++) {
    const name = names[at] ?? "";
    let to = at;
    for (let before = names[to - 1] ?? ""; to > 0 && before > name; before = names[to - 1] ?? "") {
      names[to] = before;
      to -= 1;
    }
    if (to !== at) names[to] = name;
  }
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
