/**
 * Every fault that an event has against the schema, as the gateway tells them: by pointer, by a stable code, and in a
 * sentence that never shows a value. Knows the keywords that the event's schema has, and no others.
 */

import type { Fault } from "../errors.js";
import { EVENT_SCHEMA } from "./schema.generated.js";
import { parseTimestamp } from "./timestamp.js";

/** No more faults than this are told of one event. */
export const FAULTS_MAX = 100;

/** The keywords that are read here; a test holds the schema to them. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false | Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
}

/** Every fault of an event, in the order of their pointers; none when it is good. */
export function schemaFaults(event: unknown): Fault[] {
  const faults = new Faults();
  check(EVENT_SCHEMA as Schema, event, "", faults);
  const timestamp: unknown = (event as { timestamp?: unknown } | null)?.timestamp;
  // A pattern cannot know how long a month is.
  if (typeof timestamp === "string" && parseTimestamp(timestamp) === undefined) {
    faults.put("/timestamp", "format", "must be a real date and time");
  }
  return faults.list();
}

class Faults {
  private readonly byPlace = new Map<string, Fault>();

  get isEmpty(): boolean {
    return this.byPlace.size === 0;
  }

  /** Once per place and kind. */
  put(place: string, code: string, detail: string): void {
    const pointer = shownPart(place);
    const key = `${pointer}\n${code}`;
    if (this.byPlace.size < FAULTS_MAX && !this.byPlace.has(key)) this.byPlace.set(key, { pointer, code, detail });
  }

  list(): Fault[] {
    return [...this.byPlace.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fault]) => fault);
  }
}

function check(schema: Schema, value: unknown, place: string, faults: Faults): void {
  if (schema.$ref !== undefined) check(resolve(schema.$ref), value, place, faults);
  if (schema.type !== undefined && !isOfType(value, schema.type)) {
    faults.put(place, "type", `must be of type ${schema.type}`);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    faults.put(place, "enum", `must be one of ${JSON.stringify(schema.enum)}`);
  }
  if (schema.const !== undefined && schema.const !== value) faults.put(place, "const", "has another value");
  if (typeof value === "string") checkString(schema, value, place, faults);
  if (typeof value === "number") checkNumber(schema, value, place, faults);
  if (isObject(value)) checkObject(schema, value, place, faults);
  if (schema.anyOf !== undefined && !schema.anyOf.some((one) => matches(one, value))) {
    faults.put(place, "required", "must have `messages` or `prompt`");
  }
  for (const one of schema.allOf ?? []) check(one, value, place, faults);
  if (schema.if !== undefined && schema.then !== undefined && matches(schema.if, value)) {
    check(schema.then, value, place, faults);
  }
}

function matches(schema: Schema, value: unknown): boolean {
  const faults = new Faults();
  check(schema, value, "", faults);
  return faults.isEmpty;
}

function checkString(schema: Schema, text: string, place: string, faults: Faults): void {
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(text)) {
    const [code, detail] = patternFault(place);
    faults.put(place, code, detail);
  }
  if (schema.minLength === undefined && schema.maxLength === undefined) return;
  const characters = [...text].length;
  if (characters < (schema.minLength ?? 0)) {
    faults.put(place, "min_length", `must have at least ${schema.minLength} characters`);
  }
  if (characters > (schema.maxLength ?? Number.POSITIVE_INFINITY)) {
    faults.put(place, "max_length", `must have at most ${schema.maxLength} characters`);
  }
}

function checkNumber(schema: Schema, number: number, place: string, faults: Faults): void {
  if (number < (schema.minimum ?? Number.NEGATIVE_INFINITY)) {
    faults.put(place, "minimum", `must be at least ${schema.minimum}`);
  }
  if (number > (schema.maximum ?? Number.POSITIVE_INFINITY)) {
    faults.put(place, "maximum", `must be at most ${schema.maximum}`);
  }
}

function checkObject(schema: Schema, object: Record<string, unknown>, place: string, faults: Faults): void {
  const names = Object.keys(object).filter((name) => object[name] !== undefined);
  for (const name of schema.required ?? []) {
    if (!names.includes(name)) faults.put(`${place}/${name}`, "required", "is missing");
  }
  if (names.length > (schema.maxProperties ?? Number.POSITIVE_INFINITY)) {
    faults.put(place, "max_properties", `must have at most ${schema.maxProperties} members`);
  }
  for (const name of names) {
    const known = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
    const other = known ?? schema.additionalProperties;
    if (other === false) putUnknown(place, name, faults);
    else if (other !== undefined) check(other, object[name], `${place}/${name.replaceAll("/", "~1")}`, faults);
  }
}

function putUnknown(place: string, name: string, faults: Faults): void {
  if (isShown(name)) faults.put(`${place}/${name}`, "unknown_field", "is no field of an event");
  else faults.put(place, "unknown_field", "has a field that is none of those here (its name is not shown)");
}

/** A pattern that stands beside a `format` in the schema is told as that format. */
function patternFault(place: string): [code: string, detail: string] {
  switch (place) {
    case "/ai_id":
      return ["format", "must be a UUID"];
    case "/event_id":
      return ["format", "must be a UUIDv7"];
    case "/timestamp":
      return ["format", "must be RFC 3339 with an offset and at most 9 fraction digits"];
    case "/signature":
      return ["pattern", "must be 64 lowercase hexadecimal digits"];
    default:
      return ["pattern", "does not have the form that the schema names"];
  }
}

function resolve(reference: string): Schema {
  const name = reference.replace("#/$defs/", "") as keyof typeof EVENT_SCHEMA.$defs;
  return EVENT_SCHEMA.$defs[name] as Schema;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** The pointer up to the first name that is not shown. */
function shownPart(pointer: string): string {
  const names = pointer.split("/").slice(1);
  const hidden = names.findIndex((name) => !isShown(name));
  return (hidden === -1 ? names : names.slice(0, hidden)).map((name) => `/${name}`).join("");
}

/** Whether a member's name looks like one: another may be personal data. */
function isShown(name: string): boolean {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(name);
}
