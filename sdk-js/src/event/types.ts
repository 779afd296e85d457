/** The AIBBAR event, version 1, as it stands in `contract/aibbar-event.schema.json`. */

export type EventType = "ai.action" | "ai.decision" | "ai.error" | "ai.query" | "ai.response";

/** A function that the AI system called, and what came of it. */
export interface Action {
  /** The name of what was called. */
  function: string;
  /** Any JSON. */
  input: unknown;
  /** Any JSON; null when there was none. */
  output: unknown;
  latency_ms: number;
  model: string;
  tokens_used?: number | undefined;
}

/** A choice between options. */
export interface Decision {
  /** What kind of decision. */
  type: string;
  /** Why, in words. */
  logic: string;
  /** What could have been chosen, each any JSON. */
  options: readonly unknown[];
  /** Any JSON; need not be one of `options`. */
  chosen: unknown;
  /** From 0 to 1. */
  confidence: number;
}

/** What went wrong. */
export interface ErrorTold {
  code: string;
  message: string;
  stack?: string | undefined;
  recoverable: boolean;
}

/** What was asked: `messages`, or `prompt`, or both. */
export interface Query {
  messages?: readonly unknown[] | undefined;
  prompt?: string | undefined;
  model?: string | undefined;
  /** Any JSON: temperature, tools and the like. */
  parameters?: unknown;
}

/** How many tokens it took. */
export interface Usage {
  input_tokens: number;
  output_tokens: number;
}

/** What came back. */
export interface Response {
  /** Any JSON. */
  output: unknown;
  model?: string | undefined;
  finish_reason?: string | undefined;
  usage?: Usage | undefined;
  latency_ms?: number | undefined;
}

/** Whom and what an event belongs to. What is unknown is left out, not null. */
export interface Metadata {
  user_id?: string | undefined;
  session_id?: string | undefined;
  request_id?: string | undefined;
  source_ip?: string | undefined;
  country?: string | undefined;
  region?: string | undefined;
  trace_id?: string | undefined;
  span_id?: string | undefined;
  /** Names and values of the sender's own, at most 32. */
  labels?: Readonly<Record<string, string>> | undefined;
}

/** What an event says, beside what a recorder fills in. */
export interface EventBody {
  event_type: EventType;
  action?: Action | undefined;
  decision?: Decision | undefined;
  error?: ErrorTold | undefined;
  query?: Query | undefined;
  response?: Response | undefined;
}

/** What a recorder fills in where it is absent. */
export interface EventHead {
  /** The AI system that speaks. */
  ai_id?: string | undefined;
  /** For example the model that it runs on. */
  ai_version?: string | undefined;
  /** When it happened: RFC 3339, or a `Date`. */
  timestamp?: string | Date | undefined;
  metadata?: Metadata | undefined;
  /** The idempotency key, a UUIDv7. */
  event_id?: string | undefined;
  sequence?: number | undefined;
  key_id?: string | undefined;
}

/** An event to be recorded. */
export interface NewEvent extends EventBody, EventHead {}

/** An event as it was signed. */
export interface SignedEvent extends EventBody {
  ai_id: string;
  ai_version: string;
  timestamp: string;
  metadata: Metadata;
  event_id?: string;
  sequence?: number;
  key_id?: string;
  signature: string;
  signature_algorithm: "HMAC-SHA256";
}

/** One thing that was hidden. */
export interface Redaction {
  pointer: string;
  kind: string;
  rule?: string;
}

/** An event as it is kept, redacted, and what the gateway knows of it. */
export interface EventRecord {
  event: SignedEvent;
  record: {
    event_id: string;
    org_id: string;
    received_at: string;
    api_key_id: string;
    key_id: string;
    signature_verified_at: string;
    gateway: string;
    redactions: Redaction[];
    redaction_rules: string;
    schema: string;
  };
}
