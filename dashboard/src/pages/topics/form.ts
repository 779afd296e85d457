/** What a topic may be: the API's rules, so that a form says what is wrong before it is sent. */
import type { Schemas } from "@/api";
import { words } from "./words";

export const PARTITIONS_DEFAULT = 10;
export const PARTITIONS_MAX = 1_000;
export const RETENTION_DAYS_MAX = 36_500;
const NAME_CHARS_MAX = 200;
const RESERVED = "aibbar.";

/** How long messages are kept, as it is chosen. */
export const RETENTIONS = ["7", "14", "30", "own", "forever"] as const;
export type RetentionChoice = (typeof RETENTIONS)[number];

/** What the fields hold. */
export interface Draft {
  name: string;
  partitions: string;
  retention: RetentionChoice;
  ownDays: string;
  compacted: boolean;
  schema: string;
}

export type DraftFaults = Partial<Record<"name" | "partitions" | "retention_days" | "schema", string>>;

export const emptyDraft: Draft = {
  name: "",
  partitions: String(PARTITIONS_DEFAULT),
  retention: "7",
  ownDays: "90",
  compacted: false,
  schema: "",
};

type Topic = Schemas["Topic"];

export function draftOf(topic: Topic): Draft {
  const days = topic.retention_days;
  const preset = RETENTIONS.find((choice) => choice === String(days));
  return {
    name: topic.name,
    partitions: String(topic.partitions),
    retention: preset ?? (typeof days === "number" ? "own" : "forever"),
    ownDays: typeof days === "number" ? String(days) : emptyDraft.ownDays,
    compacted: topic.compacted,
    schema: topic.schema ? JSON.stringify(topic.schema, null, 2) : "",
  };
}

/** The rule of names; nothing where it is kept. */
export function nameFault(name: string): string | undefined {
  const { faults } = words;
  if (name === "") return faults.nameMissing;
  const wrong = /[^A-Za-z0-9._-]/u.exec(name);
  if (wrong !== null) return faults.nameCharacter(JSON.stringify(wrong[0]));
  if (name.length > NAME_CHARS_MAX) return faults.nameLong(name.length);
  if (name === "." || name === "..") return faults.nameDots(name);
  if (name.startsWith(RESERVED)) return faults.nameReserved;
  return undefined;
}

function wholeNumber(text: string, min: number, max: number): number | undefined {
  const trimmed = text.trim();
  const value = /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** Of a topic that is there, partitions are added and never taken away. */
export function partitionsFault(text: string, now = 1): string | undefined {
  const { faults } = words;
  const value = wholeNumber(text, 1, PARTITIONS_MAX);
  if (value === undefined) return faults.wholeNumber(now, PARTITIONS_MAX);
  return value < now ? faults.fewerPartitions(now) : undefined;
}

/** Days; `null`: until they are deleted; nothing: what is chosen is none. */
export function retentionDays({
  retention,
  ownDays,
}: Pick<Draft, "retention" | "ownDays">): number | null | undefined {
  if (retention === "forever") return null;
  return retention === "own" ? wholeNumber(ownDays, 1, RETENTION_DAYS_MAX) : Number(retention);
}

/** An object, as the API's types have it. */
type JsonObject = Record<string, never>;
type Parsed = { schema: JsonObject | null } | { fault: string };

/** No text is no schema. */
export function parseSchema(text: string): Parsed {
  if (text.trim() === "") return { schema: null };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: words.faults.json(error instanceof Error ? error.message : String(error)) };
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? { schema: value as JsonObject } : { fault: words.faults.schemaObject };
}

/** What is wrong, field by field; of a topic that is there, its name is not asked. */
export function draftFaults(draft: Draft, before?: Topic): DraftFaults {
  const schema = parseSchema(draft.schema);
  const faults: DraftFaults = {
    name: before === undefined ? nameFault(draft.name) : undefined,
    partitions: partitionsFault(draft.partitions, before?.partitions),
    retention_days:
      retentionDays(draft) === undefined ? words.faults.wholeNumber(1, RETENTION_DAYS_MAX) : undefined,
    schema: "fault" in schema ? schema.fault : undefined,
  };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined));
}

/** The topic to be made. Only of a draft without faults. */
export function newTopic(draft: Draft): Schemas["NewTopic"] {
  const schema = parseSchema(draft.schema);
  return {
    name: draft.name,
    partitions: Number(draft.partitions),
    retention_days: retentionDays(draft),
    compacted: draft.compacted,
    ...("schema" in schema && schema.schema !== null ? { schema: schema.schema } : {}),
  };
}

/** What a draft changes of a topic, and nothing else. Only of a draft without faults. */
export function changesOf(draft: Draft, before: Topic): Schemas["ChangedTopic"] {
  const changes: Schemas["ChangedTopic"] = {};
  const partitions = Number(draft.partitions);
  if (partitions !== before.partitions) changes.partitions = partitions;
  const days = retentionDays(draft);
  if (days !== undefined && days !== (before.retention_days ?? null)) changes.retention_days = days;
  if (draft.compacted !== before.compacted) changes.compacted = draft.compacted;
  const parsed = parseSchema(draft.schema);
  if ("schema" in parsed && JSON.stringify(parsed.schema) !== JSON.stringify(before.schema ?? null)) {
    changes.schema = parsed.schema;
  }
  return changes;
}

/** Whether it differs in anything, sound or not. */
export function isChanged(draft: Draft, before: Topic): boolean {
  const parsed = parseSchema(draft.schema);
  if ("fault" in parsed || partitionsFault(draft.partitions) !== undefined) return true;
  if (retentionDays(draft) === undefined) return true;
  return Object.keys(changesOf(draft, before)).length > 0;
}
