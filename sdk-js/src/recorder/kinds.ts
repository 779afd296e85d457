/** What each kind of event must have, where its caller said less: an event that is refused for a detail tells nobody anything. */

import { withOthers } from "../event/compose.js";
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

/** A member that nobody named. */
const UNKNOWN = "unknown";
const LABELS_MAX = 32;
const AI_VERSION_LENGTH_MAX = 128;
const METADATA_TEXTS = [
  "user_id",
  "session_id",
  "request_id",
  "source_ip",
  "country",
  "region",
  "trace_id",
  "span_id",
] as const;

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
  const given = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Record<string, unknown>;
  const { code, name, message, stack } = given;
  const told: ErrorTold = {
    code: text(code ?? name ?? UNKNOWN),
    message: text(message ?? (typeof thrown === "object" ? UNKNOWN : thrown)),
    recoverable: recoverable ?? given["recoverable"] === true,
  };
  return typeof stack === "string" ? { ...told, stack } : told;
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
  if (version !== undefined) event.ai_version = text(version).slice(0, AI_VERSION_LENGTH_MAX) || UNKNOWN;
  if (metadata !== undefined && !isTidy(metadata)) event.metadata = metadataOf(metadata);
  // An event of no time happened now.
  if (timestamp !== undefined && !isTime(timestamp)) event.timestamp = undefined;
  return event;
}

function isTime(value: unknown): boolean {
  return typeof value === "string" || (value instanceof Date && !Number.isNaN(value.getTime()));
}

/** Whether it is texts alone, as it nearly always is. */
function isTidy(metadata: Metadata): boolean {
  if (typeof metadata !== "object" || metadata === null) return false;
  for (const name in metadata) if (typeof metadata[name as keyof Metadata] !== "string") return false;
  return true;
}

/** What is unknown is left out, and all that is known is text. */
export function metadataOf(given: Metadata): Metadata {
  if (typeof given !== "object" || given === null) return {};
  const tidy: Metadata = { ...given };
  for (const name of METADATA_TEXTS) {
    const value: unknown = given[name];
    if (value === undefined) continue;
    if (value === null) delete tidy[name];
    else tidy[name] = text(value);
  }
  if (given.labels === undefined) return tidy;
  const labels = Object.entries(given.labels ?? {}).filter(([, value]) => value != null);
  tidy.labels = Object.fromEntries(labels.slice(0, LABELS_MAX).map(([name, value]) => [name, text(value)]));
  return tidy;
}

function usageOf(usage: Usage | undefined): Usage | undefined {
  const input = count(usage?.input_tokens);
  const output = count(usage?.output_tokens);
  if (input === undefined && output === undefined) return undefined;
  return { input_tokens: input ?? 0, output_tokens: output ?? 0 };
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? (JSON.stringify(value) ?? UNKNOWN) : String(value);
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
