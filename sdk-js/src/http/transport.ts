/** Requests to the gateway, and what becomes of its answers. Knows nothing of what is sent. */

import {
  type ApiError,
  apiError,
  type EventResult,
  type Fault,
  TimeoutError,
  TransportError,
  UnreadableError,
} from "../errors.js";
import type { Settings } from "../settings.js";
import { VERSION } from "../version.js";
import { Clock } from "./clock.js";

/** An answer is read up to here: 64 MiB. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** A browser has one of its own, and asks the server first whether it may send another. */
const isNode = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined;
const USER_AGENT: Readonly<Record<string, string>> = isNode ? { "user-agent": `gapin-sdk-js/${VERSION}` } : {};

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface Request {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string | Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** What the gateway said, whatever it was. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What tells of a result of each event, where the answer does. */
export interface AnswerBody {
  readonly code?: string;
  readonly detail?: string;
  readonly request_id?: string;
  readonly errors?: readonly Fault[];
  readonly results?: readonly EventResult[];
}

export class Transport {
  readonly #settings: Settings;
  readonly clock = new Clock();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * The JSON of an answer that says yes; any other is thrown as an {@link ApiError}, and what is not what `isMeant` takes
   * (or no JSON) as an {@link UnreadableError}.
   */
  async json<T>(request: Request, isMeant: (body: Partial<T>) => boolean = () => true): Promise<T> {
    const answer = await this.send(request);
    if (answer.status < 200 || answer.status > 299) throw errorOf(answer);
    if (answer.status === 204) return undefined as T;
    const body = bodyOf(answer) as T | undefined;
    if (body !== undefined && isMeant(body)) return body;
    const requestId = answer.headers.get("x-request-id") ?? undefined;
    throw new UnreadableError("the answer is none of a gateway's", { status: answer.status, requestId });
  }

  /** Sends a request and reads the whole answer, in `timeoutMs` altogether. */
  async send(request: Request): Promise<Answer> {
    const timeout = new AbortController();
    const timeoutMs = request.timeoutMs ?? this.#settings.requestTimeoutMs;
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const onAbort = (): void => timeout.abort();
    request.signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const askedAtMs = Date.now();
      const response = await this.open(request, timeout.signal);
      this.clock.answered(response.headers.get("date"), askedAtMs, Date.now());
      return { status: response.status, headers: response.headers, text: await textOf(response) };
    } catch (error) {
      request.signal?.throwIfAborted();
      if (timeout.signal.aborted) throw new TimeoutError(`no answer within ${timeoutMs} ms`);
      throw transportError(error);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Sends a request; whoever calls reads the answer. */
  async open(request: Request, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = {
      accept: "application/json",
      ...USER_AGENT,
      ...request.headers,
      authorization: `Bearer ${this.#settings.apiKey}`,
    };
    if (request.json !== undefined) headers["content-type"] = "application/json";
    const body = request.json === undefined ? request.body : JSON.stringify(request.json);
    return this.#settings.fetch(this.#settings.url + request.path + queryText(request.query), {
      method: request.method,
      headers,
      signal,
      // Events and keys go to the gateway that was named, and nowhere else.
      redirect: "manual",
      ...(body === undefined ? {} : { body: body as RequestInit["body"] & {} }),
    });
  }
}

/** The error of an answer that says no. */
export function errorOf(answer: Answer): ApiError {
  const body = (bodyOf(answer) ?? {}) as AnswerBody;
  const { status } = answer;
  return apiError({
    code: body.code ?? `http_${status}`,
    status,
    detail: body.detail ?? `the answer was ${status}`,
    requestId: body.request_id ?? answer.headers.get("x-request-id") ?? undefined,
    retryable: isRetryableStatus(status) && body.code !== "daily_quota_exceeded",
    retryAfterMs: retryAfterMs(answer.headers),
    errors: body.errors,
    results: body.results,
  });
}

/** The answer as JSON, when it is an object. */
export function bodyOf(answer: Answer): object | undefined {
  try {
    const body: unknown = JSON.parse(answer.text);
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the same request may be answered otherwise a little later. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** No answer is followed that asks for more: a day. */
const RETRY_AFTER_MS_MAX = 24 * 60 * 60 * 1000;

/** How long an answer asks to wait: in seconds, or until a date, by its own clock: ours may be wrong. */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, RETRY_AFTER_MS_MAX);
  const untilMs = Date.parse(text);
  const nowMs = Date.parse(headers.get("date") ?? "");
  const waitMs = untilMs - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), RETRY_AFTER_MS_MAX);
}

export function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** What failed, without what might be in the platform's own message. */
export function transportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const cause = (error as { cause?: { code?: unknown } } | undefined)?.cause;
  const code = typeof cause?.code === "string" ? ` (${cause.code})` : "";
  return new TransportError(`the gateway can't be reached${code}`);
}

async function textOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  // Not every browser iterates over a stream.
  const reader = response.body.getReader();
  let bytes = 0;
  let text = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.byteLength;
    if (bytes > ANSWER_BYTES_MAX) {
      await reader.cancel();
      throw new TransportError("the answer is too long");
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}
