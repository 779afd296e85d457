/** What each kind of event must have, where its caller said less: an event that is refused for a detail tells nobody anything. */

import { LABELS_MAX, withOthers } from "../event/compose.js";
import type {
  Action,
  Decision,
  ErrorTold,
  EventHead,
  EventType,
  Metadata,
  NewEvent,
  Query,
  Response,
  Usage,
} from "../event/types.js";
import { snapshot } from "../json/safe.js";

/** A member that nobody named. */
const UNKNOWN = "unknown";
const LABEL_LENGTH_MAX = 1_024;
const AI_VERSION_LENGTH_MAX = 128;
const METADATA_TEXTS: ReadonlySet<string> = new Set<Exclude<keyof Metadata, "labels">>([
  "user_id",
  "session_id",
  "request_id",
  "source_ip",
  "country",
  "region",
  "trace_id",
  "span_id",
]);

// Members stand in the order of the canonical form, so that the writer need not sort them.

/** An event of a type, with what its caller said of it, and no part yet. */
export function eventOf(type: EventType, head: EventHead | undefined): NewEvent {
  const event: NewEvent = {
    action: undefined,
    ai_id: head?.ai_id,
    ai_version: head?.ai_version,
    decision: undefined,
    error: undefined,
    event_id: head?.event_id,
    event_type: type,
    key_id: head?.key_id,
    metadata: head?.metadata,
    query: undefined,
    response: undefined,
    sequence: head?.sequence,
    timestamp: head?.timestamp,
  };
  return head === undefined ? event : withOthers(event, head);
}

export function actionOf(action: Partial<Action> & { function: string }): Action {
  const told: Action = {
    function: text(action.function),
    input: action.input ?? null,
    latency_ms: amount(action.latency_ms) ?? 0,
    model: action.model === undefined ? UNKNOWN : text(action.model),
    output: action.output ?? null,
    tokens_used: count(action.tokens_used),
  };
  return withOthers(told, action);
}

export function decisionOf(decision: Partial<Decision>): Decision {
  return {
    ...decision,
    type: text(decision.type ?? UNKNOWN),
    logic: text(decision.logic ?? ""),
    options: list(decision.options) ?? [],
    chosen: decision.chosen ?? null,
    confidence: Math.min(1, amount(decision.confidence) ?? 0),
  };
}

/** An `Error`, the fields of one, or whatever else was thrown. */
export function errorOf(thrown: unknown, recoverable?: boolean): ErrorTold {
  const [code, name, message, stack] = ["code", "name", "message", "stack"].map((member) => memberOf(thrown, member));
  const told: ErrorTold = {
    code: text(code ?? name ?? UNKNOWN),
    message: text(message ?? (typeof thrown === "object" ? UNKNOWN : thrown)),
    recoverable: recoverable ?? memberOf(thrown, "recoverable") === true,
  };
  return typeof stack === "string" ? { ...told, stack } : told;
}

/** What was thrown may be anything, a getter that throws among it. */
function memberOf(thrown: unknown, name: string): unknown {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  try {
    return (thrown as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

export function queryOf(query: Query): Query {
  const { messages, prompt, model } = query;
  return {
    ...query,
    messages: list(messages),
    prompt: prompt === undefined ? (messages === undefined ? "" : undefined) : text(prompt),
    model: model === undefined ? undefined : text(model),
  };
}

export function responseOf(response: Partial<Response>): Response {
  return {
    ...response,
    output: response.output ?? null,
    model: response.model === undefined ? undefined : text(response.model),
    finish_reason: response.finish_reason == null ? undefined : text(response.finish_reason),
    usage: usageOf(response.usage),
    latency_ms: amount(response.latency_ms),
  };
}

/** Brings the parts of an event that are no free JSON into the form that they must have. The event is the recorder's own. */
export function tidyHead(event: NewEvent): NewEvent {
  const { ai_version: version, metadata, timestamp } = event;
  // What is no signature signs nothing.
  delete (event as { signature?: unknown }).signature;
  if (version !== undefined) event.ai_version = text(version).slice(0, AI_VERSION_LENGTH_MAX) || UNKNOWN;
  if (metadata !== undefined && !isTidy(metadata)) event.metadata = metadataOf(metadata);
  // An event of no time happened now.
  if (timestamp !== undefined && !isTime(timestamp)) event.timestamp = undefined;
  return event;
}

function isTime(value: unknown): boolean {
  return typeof value === "string" || (value instanceof Date && !Number.isNaN(value.getTime()));
}

/** Whether it is texts alone, of known names, as it nearly always is. */
function isTidy(metadata: Metadata): boolean {
  if (typeof metadata !== "object" || metadata === null) return false;
  for (const name in metadata) {
    if (typeof metadata[name as keyof Metadata] !== "string" || !METADATA_TEXTS.has(name)) return false;
  }
  return true;
}

/** Texts under the names that metadata has; whatever else was given becomes a label. */
export function metadataOf(given: Metadata): Metadata {
  if (typeof given !== "object" || given === null) return {};
  const known: [string, string][] = [];
  const labels = new Map<string, string>();
  const addLabel = ([name, value]: [string, unknown]): void => {
    if (value != null && labels.size < LABELS_MAX) labels.set(labelText(name), labelText(text(value)));
  };
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    if (value == null) continue;
    if (METADATA_TEXTS.has(name)) known.push([name, text(value)]);
    else if (name === "labels" && typeof value === "object") Object.entries(value).forEach(addLabel);
    else addLabel([name, value]);
  }
  const tidy = Object.fromEntries(known) as Metadata;
  return labels.size === 0 ? tidy : { ...tidy, labels: Object.fromEntries(labels) };
}

function labelText(text: string): string {
  return text.slice(0, LABEL_LENGTH_MAX);
}

function usageOf(usage: Usage | undefined): Usage | undefined {
  const input = count(usage?.input_tokens);
  const output = count(usage?.output_tokens);
  if (input === undefined && output === undefined) return undefined;
  return { input_tokens: input ?? 0, output_tokens: output ?? 0 };
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return String(value);
  const safe = snapshot(value);
  return typeof safe === "string" ? safe : JSON.stringify(safe);
}

function list(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value : [value];
}

/** A number that is at least 0. */
function amount(value: unknown): number | undefined {
  const number = typeof value === "string" || typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return Math.max(0, Math.min(number, Number.MAX_SAFE_INTEGER));
}

/** A whole number that is at least 0. */
function count(value: unknown): number | undefined {
  const number = amount(value);
  return number === undefined ? undefined : Math.round(number);
}
