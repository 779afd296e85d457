/**
 * The live stream, by `fetch`, so that Node and browsers have it alike.
 *
 * It is read only as fast as its reader takes from it: what is not taken stays with the gateway, which, when it is too
 * much, lets records go and says so by a `gap`. The stream then goes on from where the gap begins, so nothing is
 * missed. Whatever cuts the connection, it goes on behind what was yielded last.
 */

import { apiError, type GapinError, TimeoutError, TransportError, UnreadableError } from "../errors.js";
import { Backoff } from "../http/backoff.js";
import { errorOf, type Query, type Transport, transportError } from "../http/transport.js";
import { filterQuery } from "../resources/events.js";
import {
  type EventStreamFilter,
  type Frame,
  frameOf,
  type Gap,
  identityOf,
  type MessageStreamFilter,
  type StreamedEvent,
  type StreamedMessage,
} from "./frames.js";
import { SseParser } from "./sse.js";

/** What comes: events, or messages of topics of one's own. */
export type StreamFilter = EventStreamFilter | MessageStreamFilter;
/** What a stream yields. */
export type StreamedItem = StreamedEvent | StreamedMessage;

/** Where a stream begins, what it tells, and how long it tries. */
export interface StreamOptions {
  /** Go on behind this; `earliest` begins with the oldest record that is kept. */
  cursor?: string | undefined;
  /** What to do about a gap: go back to where it begins (default), or leave it. */
  gaps?: "resume" | "skip" | undefined;
  /** Told of every gap. */
  onGap?: ((gap: Gap) => void) | undefined;
  /** Told when what the cursor asked for is no longer kept. */
  onExpired?: (() => void) | undefined;
  /** Told when the connection stands: from now on whatever is acknowledged will be seen. */
  onOpen?: (() => void) | undefined;
  /** Ends the stream. */
  signal?: AbortSignal | undefined;
  /** After so long without a connection the stream ends with the error: 300,000 ms. */
  retryForMs?: number | undefined;
}

const RETRY_WAIT_MIN_MS = 100;
const RETRY_WAIT_MAX_MS = 10_000;
const RETRY_FOR_MS = 300_000;
/** The gateway says every 20 seconds that it is there. */
const SILENCE_MS_MAX = 60_000;
/** So many items are remembered, to tell one that comes twice. */
const REMEMBERED_MAX = 4_096;

/** What a stream is asked to end for by one of its own frames. */
class Reconnect extends Error {}

/** A stream to read: `for await (const item of stream)`. Its `cursor` says where it is, to go on there another day. */
export class EventStream<T extends StreamedItem = StreamedItem> implements AsyncIterable<T> {
  readonly #transport: Transport;
  readonly #query: Query;
  readonly #options: StreamOptions;
  readonly #ended = new AbortController();
  readonly #seen = new Set<string>();
  #cursor: string | undefined;

  constructor(transport: Transport, filter: StreamFilter, options: StreamOptions) {
    const { topic, ...conditions } = filter;
    this.#transport = transport;
    this.#query = { ...filterQuery(conditions), topic };
    this.#options = options;
    this.#cursor = options.cursor;
  }

  /** Where the stream is: behind what was yielded last. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** Ends the stream, whoever reads it. */
  close(): void {
    this.#ended.abort();
  }

  /** Item after item as they come, until `close()`, its `signal`, or the first error that trying again can't mend. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const backoff = new Backoff(RETRY_WAIT_MIN_MS, RETRY_WAIT_MAX_MS);
    let lostAtMs: number | undefined;
    while (!this.#isOver) {
      let greetedAtMs: number | undefined;
      let hasBrought = false;
      let fault: GapinError;
      try {
        for await (const frame of this.#frames()) {
          const item = this.#take(frame);
          lostAtMs = undefined;
          if (frame.type === "hello") greetedAtMs ??= performance.now();
          if (frame.type === "event" || frame.type === "message") {
            hasBrought = true;
            backoff.reset();
          }
          if (item !== undefined) yield item;
          if (this.#isOver) return;
        }
        fault = new TransportError("the stream was cut");
      } catch (error) {
        if (this.#isOver) return;
        if (error instanceof Reconnect) {
          // Behind a greeting alone it would be asked for again and again, without a pause.
          if (!hasBrought) await this.#wait(backoff.nextMs());
          continue;
        }
        fault = error as GapinError;
      }
      if (!fault.retryable) throw fault;
      // A greeting alone is no success either; one that was followed by a long time is.
      if (greetedAtMs !== undefined && performance.now() - greetedAtMs > RETRY_WAIT_MAX_MS) backoff.reset();
      lostAtMs ??= Date.now();
      const leftMs = lostAtMs + (this.#options.retryForMs ?? RETRY_FOR_MS) - Date.now();
      if (leftMs <= 0) throw fault;
      // Told to wait for longer than it may, it asks once more at the end.
      await this.#wait(Math.min(backoff.nextMs((fault as { retryAfterMs?: number }).retryAfterMs), leftMs));
    }
  }

  get #isOver(): boolean {
    return this.#ended.signal.aborted || (this.#options.signal?.aborted ?? false);
  }

  /** What a frame says: an item, or something about the stream. */
  #take(frame: Frame): T | undefined {
    switch (frame.type) {
      case "event":
      case "message": {
        const { type: _, ...item } = frame;
        this.#goTo(item.cursor);
        return this.#isNew(identityOf(item)) ? (item as T) : undefined;
      }
      case "hello":
        this.#goTo(frame.cursor);
        this.#options.onOpen?.();
        return undefined;
      case "gap":
        this.#options.onGap?.({ missed: frame.missed, resume: frame.resume });
        if (this.#options.gaps === "skip" || frame.resume === undefined) return undefined;
        this.#goTo(frame.resume);
        throw new Reconnect();
      case "expired":
        this.#goTo(frame.cursor);
        this.#options.onExpired?.();
        return undefined;
      case "bye":
        this.#goTo(frame.cursor);
        throw endOf(frame.reason);
      default:
        return undefined;
    }
  }

  /** What names no place leaves the stream where it is. */
  #goTo(cursor: string | undefined): void {
    this.#cursor = cursor ?? this.#cursor;
  }

  #isNew(identity: string): boolean {
    if (this.#seen.has(identity)) return false;
    this.#seen.add(identity);
    if (this.#seen.size > REMEMBERED_MAX) {
      const first = this.#seen.values().next();
      if (first.done !== true) this.#seen.delete(first.value);
    }
    return true;
  }

  /** The frames of one connection. */
  async *#frames(): AsyncGenerator<Frame, void, undefined> {
    const connection = new AbortController();
    const abort = (): void => connection.abort();
    for (const signal of [this.#ended.signal, this.#options.signal]) signal?.addEventListener("abort", abort);
    let silence: ReturnType<typeof setTimeout> | undefined;
    let isSilent = false;
    // Only while something is waited for: a reader that takes its time is no silence.
    const listen = (): void => {
      silence = setTimeout(() => {
        isSilent = true;
        connection.abort();
      }, SILENCE_MS_MAX);
    };
    try {
      listen();
      const response = await this.#transport.open(this.#request(), connection.signal);
      if (response.status !== 200) {
        throw errorOf({ status: response.status, headers: response.headers, text: await response.text() });
      }
      if (response.body === null || !isEventStream(response.headers)) {
        const requestId = response.headers.get("x-request-id") ?? undefined;
        throw new UnreadableError("the answer is no stream of a gateway's", { status: response.status, requestId });
      }
      clearTimeout(silence);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = new SseParser();
      for (;;) {
        listen();
        const { done, value } = await reader.read();
        clearTimeout(silence);
        if (done) return;
        for (const event of parser.push(decoder.decode(value, { stream: true }))) yield frameOf(event.data);
      }
    } catch (error) {
      if (isSilent) throw new TimeoutError(`the stream was silent for ${SILENCE_MS_MAX} ms`);
      throw error instanceof Error && "retryable" in error ? error : transportError(error);
    } finally {
      clearTimeout(silence);
      connection.abort();
      for (const signal of [this.#ended.signal, this.#options.signal]) signal?.removeEventListener("abort", abort);
    }
  }

  #request(): Parameters<Transport["open"]>[0] {
    return {
      method: "GET",
      path: "/sse/events",
      query: { ...this.#query, cursor: this.#cursor },
      headers: { accept: "text/event-stream" },
    };
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const signals = [this.#ended.signal, this.#options.signal];
      const end = (): void => {
        clearTimeout(timer);
        for (const signal of signals) signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      for (const signal of signals) signal?.addEventListener("abort", end);
    });
  }
}

function isEventStream(headers: Headers): boolean {
  const [mediaType = ""] = (headers.get("content-type") ?? "").split(";");
  return mediaType.trim().toLowerCase() === "text/event-stream";
}

/** Why the gateway ended the stream, as an error: of the first three the stream does not come back. */
function endOf(reason: string): Error {
  const detail = `the gateway ended the stream: ${reason}`;
  if (reason === "key_invalid") return apiError({ code: "invalid_api_key", status: 401, detail });
  if (reason === "topic_deleted") return apiError({ code: "not_found", status: 404, detail });
  if (reason === "protocol_error" || reason === "frame_too_large") {
    return apiError({ code: reason, status: 400, detail });
  }
  return new TransportError(detail);
}
