/** One batch sent, and what its answer means for each event of it. Decides nothing about when. */

import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

import { type ApiError, type EventResult, type GapinError, TransportError } from "../errors.js";
import { PAD_BYTES, type SigningKey } from "../event/hmac.js";
import { type Answer, type AnswerBody, bodyOf, errorOf, isRetryableStatus, type Transport } from "../http/transport.js";
import type { Entry } from "./entry.js";
import { type Bounds, COMPRESS_BYTES_MIN, type Refusal } from "./options.js";

/** What became of a batch. Each of its events is in exactly one of the lists, in their order. */
export interface Outcome {
  readonly accepted: readonly Entry[];
  readonly refused: readonly { readonly entry: Entry; readonly refusal: Refusal }[];
  /** To be sent again. */
  readonly kept: readonly Entry[];
  /** Of these, those that were given another time. */
  readonly retimed: number;
  /** Why, when any are kept. */
  readonly fault: GapinError | undefined;
  /** What the next attempt should be: after a while; after the longest wait; of fewer events. */
  readonly next: "wait" | "wait_long" | "split";
}

/** Results of these codes may be others a little later. Beside them, all of requests that are answered 408, 429 or 5xx. */
const RETRYABLE_CODES: ReadonlySet<string> = new Set([
  "overloaded",
  "log_unavailable",
  "outcome_unknown",
  "store_unavailable",
  "internal",
  "rate_limited",
  "daily_quota_exceeded",
  "incomplete_body",
  "body_timeout",
]);

const CHUNK_BYTES_MIN = 16 * 1024;
const compressed = promisify(gzip);

export class Delivery {
  constructor(
    private readonly transport: Transport,
    private readonly bounds: Bounds,
    private readonly key: SigningKey,
  ) {}

  async send(batch: readonly Entry[], signal: AbortSignal): Promise<Outcome> {
    try {
      const { body, headers } = await this.body(batch);
      const answer = await this.transport.send({ method: "POST", path: "/aibbar/events", body, headers, signal });
      if (isAllAccepted(answer, batch.length)) return outcome({ accepted: batch });
      const { results, status, event_id } = (bodyOf(answer) ?? {}) as AnswerBody & {
        status?: unknown;
        event_id?: unknown;
      };
      const isOfEach = Array.isArray(results) && results.length === batch.length;
      if (isOfEach) return this.byResults(batch, results, errorOf(answer));
      const [only] = batch;
      if (answer.status === 202 && batch.length === 1 && status === "accepted" && only?.isCalled(event_id)) {
        return outcome({ accepted: batch });
      }
      return byStatus(batch, errorOf(answer));
    } catch (error) {
      const fault = error instanceof TransportError ? error : new TransportError("the request was broken off");
      return outcome({ kept: batch, fault });
    }
  }

  private async body(batch: readonly Entry[]): Promise<{ body: Uint8Array; headers: Record<string, string> }> {
    const lines = this.lines(batch);
    const headers = { "content-type": "application/x-ndjson" };
    if (!this.bounds.compress || lines.length < COMPRESS_BYTES_MIN) return { body: lines, headers };
    // In few pieces: each is a turn of the thread that compresses.
    const chunkSize = Math.max(CHUNK_BYTES_MIN, Math.ceil(lines.length / 4));
    // The fastest level: events shrink to a fifth by it, and the caller's process has better to do.
    const body = await compressed(lines, { level: constants.Z_BEST_SPEED, chunkSize });
    return { body, headers: { ...headers, "content-encoding": "gzip" } };
  }

  /** An event a line, each signed; the last first, since signing needs the place before an event. */
  private lines(batch: readonly Entry[]): Buffer {
    let at = batch.reduce((bytes, entry) => bytes + entry.bytes, PAD_BYTES);
    const lines = Buffer.allocUnsafeSlow(at);
    for (let index = batch.length - 1; index >= 0; index--) at = batch[index]?.writeBefore(at, lines, this.key) ?? at;
    return lines.subarray(at);
  }

  private byResults(batch: readonly Entry[], results: readonly EventResult[], whole: ApiError): Outcome {
    const accepted: Entry[] = [];
    const refused: { entry: Entry; refusal: Refusal }[] = [];
    const kept: Entry[] = [];
    let retimed = 0;
    let fault: GapinError | undefined;
    batch.forEach((entry, index) => {
      // What answers need not be a gateway: a result may be anything.
      const result = (results[index] ?? {}) as Partial<EventResult>;
      if (result.status === "accepted") {
        accepted.push(entry);
        return;
      }
      const isRetimed = this.isRetimed(entry, result);
      if (isRetimed) retimed += 1;
      if (isRetimed || result.status !== "rejected" || RETRYABLE_CODES.has(result.code ?? "")) {
        kept.push(entry);
        fault ??= faultOf(result, whole);
      } else {
        refused.push({ entry, refusal: refusalOf(result) });
      }
    });
    return outcome({ accepted, refused, kept, retimed, fault });
  }

  /** Whether an event that lay in the gateway's future was given the time that its clock would have shown. Once. */
  private isRetimed(entry: Entry, result: Partial<EventResult>): boolean {
    const { skewMs } = this.transport.clock;
    if (result.code !== "timestamp_in_future" || entry.isRetimed || skewMs === undefined || skewMs > 0) return false;
    entry.retime(skewMs, this.key);
    return true;
  }
}

/** Whether an answer begins by saying so: then its results need not be read one by one. */
function isAllAccepted({ status, text }: Answer, events: number): boolean {
  return status === 202 && text.startsWith(`{"accepted":${events},"rejected":0,`);
}

/** An answer to the request as a whole. */
function byStatus(batch: readonly Entry[], error: ApiError): Outcome {
  const { status } = error;
  if (isRetryableStatus(status) || RETRYABLE_CODES.has(error.code)) return outcome({ kept: batch, fault: error });
  // Not about the events: a key being rotated, a wrong address, something in between that answers in its own way.
  if (status !== 400 && status !== 413) return outcome({ kept: batch, fault: error, next: "wait_long" });
  // Something about one of them, perhaps.
  if (batch.length > 1) return outcome({ kept: batch, fault: error, next: "split" });
  return outcome({ refused: batch.map((entry) => ({ entry, refusal: error })) });
}

function outcome(parts: Partial<Outcome>): Outcome {
  return { accepted: [], refused: [], kept: [], retimed: 0, fault: undefined, next: "wait", ...parts };
}

function refusalOf({ code, detail, errors }: Partial<EventResult>): Refusal {
  return { code: code ?? "refused", detail: detail ?? "", errors: errors ?? [] };
}

/** What kept an event from being taken, with the wait that the answer asks for. */
function faultOf(
  result: Partial<EventResult>,
  whole: ApiError,
): GapinError & { readonly retryAfterMs?: number | undefined } {
  const fault = new TransportError(result.detail ?? "an event was not taken", result.code ?? "refused");
  return Object.assign(fault, { retryAfterMs: whole.retryAfterMs });
}
