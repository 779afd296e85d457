/** An entry of the trail, and the sentence that tells of it. */
import type { Schemas } from "@/api";
import { spanText } from "@/lib/validity";
import { NOUNS, TELLINGS, type Telling, VERBS } from "./sentences";
import { words } from "./words";

export type Entry = Schemas["AuditEntry"];
export type Detail = Readonly<Record<string, unknown>>;

/** What is known of ids: the names of keys, AI systems and people. */
export type Names = ReadonlyMap<string, string>;

export type Part =
  | { kind: "text"; text: string }
  /** Who did it. */
  | { kind: "actor"; text: string }
  /** What it is about: shown so that it stands out. */
  | { kind: "value"; text: string };

export function detailOf(entry: Entry): Detail {
  const { detail } = entry as { detail: unknown };
  return typeof detail === "object" && detail !== null ? (detail as Detail) : {};
}

/** An action's noun and verb: `api_key` and `rotate`. */
export function nounOf(action: string): string {
  return action.split(".", 1)[0] ?? action;
}

export function verbOf(action: string): string {
  return action.slice(nounOf(action).length + 1);
}

export function nounText(noun: string): string {
  return own(NOUNS, noun) ?? plain(noun);
}

export function verbText(verb: string): string {
  return own(VERBS, verb) ?? plain(verb);
}

/** The actions of a noun, as they are known here. */
export function actionsOf(noun: string): string[] {
  return Object.keys(TELLINGS).filter((action) => nounOf(action) === noun);
}

export function actorText(actor: Entry["actor"]): string {
  switch (actor.kind) {
    case "operator":
      return words.actor.operator;
    case "system":
      return words.actor.system;
    case "anonymous":
      return actor.name === "" ? words.actor.anonymous : actor.name;
    case "api_key":
      return words.actor.apiKey(actor.name === "" ? actor.id : actor.name);
    default:
      return actor.name === "" ? actor.id : actor.name;
  }
}

export function targetText(entry: Entry, names: Names): string {
  return names.get(entry.target.id) ?? entry.target.id;
}

/** The entry as a sentence, in parts, so that what came from outside is shown as such. */
export function sentence(entry: Entry, names: Names): Part[] {
  const detail = detailOf(entry);
  const template = templateOf(entry, detail);
  const parts: Part[] = [];
  for (const piece of template.split(/(\{[^}]+\})/)) {
    if (!piece.startsWith("{")) {
      if (piece !== "") parts.push({ kind: "text", text: piece });
    } else if (piece === "{actor}") {
      parts.push({ kind: "actor", text: actorText(entry.actor) });
    } else {
      parts.push({ kind: "value", text: wordOf(piece.slice(1, -1).split("|"), entry, detail, names) });
    }
  }
  return startLarge(parts);
}

/** The same as text: for a title, and for what is exported. */
export function sentenceText(entry: Entry, names: Names): string {
  return sentence(entry, names)
    .map(({ text }) => text)
    .join("");
}

const SUMMARISED_MAX = 2;

/** What a change changed, in few words; nothing where the sentence says it. */
export function summary(entry: Entry): string | undefined {
  if (verbOf(entry.action) !== "update" || entry.action === "retention.update") return undefined;
  const fields = Object.entries(detailOf(entry)).filter(
    ([, value]) => typeof value !== "object" || isList(value),
  );
  if (fields.length === 0) return undefined;
  const told = fields
    .slice(0, SUMMARISED_MAX)
    .map(([field, value]) => `${fieldName(field)}: ${fieldText(field, value)}`);
  return [
    ...told,
    ...(fields.length > SUMMARISED_MAX ? [words.andMore(fields.length - SUMMARISED_MAX)] : []),
  ].join(", ");
}

function templateOf(entry: Entry, detail: Detail): string {
  const telling = own<Telling>(TELLINGS, entry.action);
  if (telling === undefined) return words.fallback(plain(entry.action).toLowerCase());
  const isFailure = entry.result === "failure";
  const isSelf = entry.actor.kind === "user" && entry.actor.id === entry.target.id;
  if (telling.with && (!isFailure || telling.failed === telling.done) && isThere(detail[telling.with.word])) {
    return telling.with.done;
  }
  if (isFailure && telling.failed !== undefined) return telling.failed;
  return isSelf && telling.self !== undefined ? telling.self : telling.done;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function wordOf(choices: string[], entry: Entry, detail: Detail, names: Names): string {
  for (const choice of choices) {
    if (choice === "target") return targetText(entry, names);
    const value = Object.hasOwn(detail, choice) ? detail[choice] : undefined;
    if (Array.isArray(value)) return String(value.length);
    if (isThere(value)) return valueText(value);
  }
  return targetText(entry, names);
}

function isList(value: unknown): value is string[] {
  return value === null || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}

/** A value in few words. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return words.nothing;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return value.toLocaleString("en-GB");
  if (typeof value === "string") return value;
  if (isList(value)) {
    return value.length === 0 ? words.nothing : value.join(", ");
  }
  return JSON.stringify(value);
}

/** A value of a field that says what it is in its name: a span of time in words. */
export function fieldText(field: string, value: unknown): string {
  const isSpan = field.endsWith("_seconds") && typeof value === "number";
  if (!isSpan) return valueText(value);
  return value === 0 ? words.nothing : spanText(value * 1_000);
}

export function fieldName(field: string): string {
  return own(words.fields, field) ?? plain(field);
}

/** `signing_key.set_default` as words, for what is not known here. */
function plain(name: string): string {
  const text = name.replaceAll(/[._]+/g, " ").trim();
  return text === "" ? name : text[0]?.toUpperCase() + text.slice(1);
}

function own<T>(of: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

/** A sentence begins with a capital letter, where its first word is ours and not an address. */
function startLarge(parts: Part[]): Part[] {
  const [first, ...rest] = parts;
  if (first?.kind !== "actor" || !first.text.startsWith("the ")) return parts;
  return [{ ...first, text: `T${first.text.slice(1)}` }, ...rest];
}

/** When an entry was made, as its id (a UUIDv7) says: its first 48 bits are milliseconds. */
export function madeAtMs(id: string): number | undefined {
  const found = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(id);
  return found === null ? undefined : Number.parseInt(`${found[1]}${found[2]}`, 16);
}
