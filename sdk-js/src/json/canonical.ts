/**
 * The canonical form of RFC 8785 (JCS): the text whose UTF-8 bytes a signature covers.
 *
 * ECMAScript's own numbers and strings are those of RFC 8785, and its order of strings is that of their UTF-16
 * units. What is left is to refuse what is no JSON.
 */

import { InvalidEventError } from "../errors.js";
import { DEPTH_MAX, isAmbiguousInteger, isWellFormed } from "./bounds.js";

/**
 * The canonical form of a JSON value. Takes plain JSON alone: what is none (a `Date`, a `BigInt`, `NaN`, half of a
 * surrogate pair, `undefined` in an array, more than 64 levels) is refused with its place. A member that is
 * `undefined` is left out, as `JSON.stringify` does.
 */
export function canonicalize(value: unknown): string {
  return write(value, undefined, 0, false);
}

/** The canonical form of an object, as if it had no such member of its own. */
export function canonicalizeWithout(object: object, member: string): string {
  return writeObject(object as Record<string, unknown>, undefined, 1, false, member);
}

/** The same, but refuses integers beyond ±(2^53 − 1) too, whose text not every library reads alike. */
export function canonicalizeToSend(object: object): string {
  return writeObject(object as Record<string, unknown>, undefined, 1, true, "signature");
}

/** Where the writer is; made into a pointer when something is refused. */
interface Place {
  readonly parent: Place | undefined;
  readonly name: string | number;
}

function write(value: unknown, place: Place | undefined, depth: number, sends: boolean): string {
  switch (typeof value) {
    case "string":
      return writeString(value, place);
    case "number":
      return writeNumber(value, place, sends);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      break;
    default:
      throw refused(place, `a value of type ${typeof value} is no JSON`);
  }
  if (value === null) return "null";
  if (depth === DEPTH_MAX) throw refused(place, `objects and arrays may be nested ${DEPTH_MAX} deep`);
  if (Array.isArray(value)) {
    const elements: string[] = [];
    for (let index = 0; index < value.length; index++) {
      elements.push(write(value[index], { parent: place, name: index }, depth + 1, sends));
    }
    return `[${elements.join(",")}]`;
  }
  if (!isPlain(value)) throw refused(place, "only plain objects and arrays are JSON");
  return writeObject(value as Record<string, unknown>, place, depth + 1, sends, undefined);
}

function writeObject(
  object: Record<string, unknown>,
  place: Place | undefined,
  depth: number,
  sends: boolean,
  omitted: string | undefined,
): string {
  let text = "{";
  for (const name of Object.keys(object).sort()) {
    const value = object[name];
    if (name === omitted || value === undefined) continue;
    if (text.length > 1) text += ",";
    text += `${writeString(name, place)}:${write(value, { parent: place, name }, depth, sends)}`;
  }
  return `${text}}`;
}

function writeString(text: string, place: Place | undefined): string {
  if (!isWellFormed(text)) throw refused(place, "half of a surrogate pair is no character");
  return JSON.stringify(text);
}

function writeNumber(number: number, place: Place | undefined, sends: boolean): string {
  if (!Number.isFinite(number)) throw refused(place, "JSON has no NaN and no infinity");
  if (sends && isAmbiguousInteger(number)) {
    throw refused(place, `integers must lie within ±${Number.MAX_SAFE_INTEGER}; send a larger one as a string`);
  }
  return String(number); // of −0 it is "0" too
}

/** Whether it is an object literal, of this realm or another, or one without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refused(place: Place | undefined, detail: string): InvalidEventError {
  const pointer = pointerTo(place);
  const where = pointer === "" ? "" : ` (at ${pointer})`;
  return new InvalidEventError("invalid_json", detail + where, [{ pointer, code: "invalid_json", detail }]);
}

function pointerTo(place: Place | undefined): string {
  if (place === undefined) return "";
  const name = String(place.name).replaceAll("~", "~0").replaceAll("/", "~1");
  return `${pointerTo(place.parent)}/${name}`;
}
