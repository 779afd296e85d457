/** What a recorder may be told, and what it does unless it is. */

import { ConfigurationError, type Fault } from "../errors.js";
import type { SignedEvent } from "../event/types.js";
import { type ClientOptions, positive } from "../settings.js";

/** Why the gateway will never take an event. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly Fault[];
}

/**
 * Why an event was let go without an answer: there was no room; it could not be sent for `retryForMs`; the recorder was
 * closed; the disk queue can't be read (then nobody has its text, and it is only counted).
 */
export type DropReason = "queue_full" | "retry_time_spent" | "closed" | "queue_failed";

/** What becomes of events when the queue is full. */
export type WhenFull = "drop_oldest" | "drop_newest" | "block";

export interface RecorderOptions extends ClientOptions {
  /** Events that wait: 10,000. */
  queueEventsMax?: number | undefined;
  /** Bytes of events that wait: 64 MiB. */
  queueBytesMax?: number | undefined;
  /** `drop_oldest`; with `block` whoever records awaits `room()` first. */
  whenFull?: WhenFull | undefined;
  /** Events of one request: 500. */
  batchEventsMax?: number | undefined;
  /** Bytes of one request, before they are compressed: 1 MiB. */
  batchBytesMax?: number | undefined;
  /** How long an event waits for others: 200 ms. */
  batchAgeMs?: number | undefined;
  /** Whether requests from 1 KiB on are compressed: they are. */
  compress?: boolean | undefined;
  /** The first wait before another attempt: up to 100 ms; it doubles every time. */
  retryWaitMinMs?: number | undefined;
  /** No wait is longer: 10,000 ms. */
  retryWaitMaxMs?: number | undefined;
  /** After so long an event that can't be delivered is let go, unless it is on disk: 300,000 ms. */
  retryForMs?: number | undefined;
  /** How long the end of the process waits for what is queued: 5,000 ms. */
  flushTimeoutMs?: number | undefined;
  /** A folder where events are kept until they are acknowledged, so that they survive a crash of the process. */
  diskQueue?: string | undefined;
  /** Whether what is queued is sent when the process ends, and at SIGTERM and SIGINT: it is. */
  flushAtExit?: boolean | undefined;
  /** Called with an event that the gateway will never take. */
  onRefused?: ((event: SignedEvent, refusal: Refusal) => void) | undefined;
  /** Called with an event that was let go. What the callback itself records never displaces another event. */
  onDropped?: ((event: SignedEvent, reason: DropReason) => void) | undefined;
  /** Told of faults, at most once a minute for each kind; `console.warn`. */
  log?: ((line: string) => void) | undefined;
}

/** The bounds of a recorder. */
export interface Bounds {
  readonly queueEventsMax: number;
  readonly queueBytesMax: number;
  readonly whenFull: WhenFull;
  readonly batchEventsMax: number;
  readonly batchBytesMax: number;
  readonly batchAgeMs: number;
  readonly compress: boolean;
  readonly retryWaitMinMs: number;
  readonly retryWaitMaxMs: number;
  readonly retryForMs: number;
  readonly flushTimeoutMs: number;
}

/** Below this compressing costs more than it saves: 1 KiB. */
export const COMPRESS_BYTES_MIN = 1024;

/** A gateway takes no larger batch. */
const GATEWAY_BATCH_EVENTS_MAX = 5_000;
const GATEWAY_BATCH_BYTES_MAX = 10 * 1024 * 1024;

export function boundsOf(options: RecorderOptions): Bounds {
  const whenFull = options.whenFull ?? "drop_oldest";
  if (!["drop_oldest", "drop_newest", "block"].includes(whenFull)) {
    throw new ConfigurationError("`whenFull` must be `drop_oldest`, `drop_newest` or `block`");
  }
  const number = (name: keyof RecorderOptions, absent: number): number =>
    positive(name, (options[name] as number | undefined) ?? absent);
  return {
    queueEventsMax: number("queueEventsMax", 10_000),
    queueBytesMax: number("queueBytesMax", 64 * 1024 * 1024),
    whenFull,
    batchEventsMax: Math.min(GATEWAY_BATCH_EVENTS_MAX, number("batchEventsMax", 500)),
    batchBytesMax: Math.min(GATEWAY_BATCH_BYTES_MAX, number("batchBytesMax", 1024 * 1024)),
    batchAgeMs: number("batchAgeMs", 200),
    compress: options.compress ?? true,
    retryWaitMinMs: number("retryWaitMinMs", 100),
    retryWaitMaxMs: number("retryWaitMaxMs", 10_000),
    retryForMs: number("retryForMs", 300_000),
    flushTimeoutMs: number("flushTimeoutMs", 5_000),
  };
}
