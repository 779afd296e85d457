/**
 * Every error that this SDK raises. None of them shows a key, a secret or what an event says.
 */

/** One thing that is wrong, at one place. */
export interface Fault {
  /** A JSON Pointer (RFC 6901) into what was sent; empty is the whole of it. */
  readonly pointer: string;
  /** `required`, `unknown_field`, `type`, `format`, … */
  readonly code: string;
  /** A sentence for people. */
  readonly detail: string;
}

/** The root of the tree. */
export class GapinError extends Error {
  /** Stable, for programs. */
  readonly code: string;
  /** Whether the same thing may succeed a little later. */
  readonly retryable: boolean;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined = undefined;
  /** The id under which the gateway's log knows the request, where there was an answer. */
  readonly requestId: string | undefined = undefined;

  constructor(code: string, detail: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** What an {@link ApiError} is made of. */
export interface ApiErrorParts {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly errors?: readonly Fault[] | undefined;
  readonly results?: readonly EventResult[] | undefined;
}

/** What became of one event of a batch. */
export interface EventResult {
  readonly index: number;
  readonly event_id?: string;
  readonly status: "accepted" | "rejected";
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
}

/** The gateway answered, and the answer is no. */
export class ApiError extends GapinError {
  override readonly status: number;
  override readonly requestId: string | undefined;
  /** A sentence for people, of the gateway's. */
  readonly detail: string;
  /** Everything that is wrong with the body, place by place. */
  readonly errors: readonly Fault[];
  /** Of a batch: what became of each event. */
  readonly results: readonly EventResult[];
  /** How long the gateway asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(parts: ApiErrorParts) {
    super(parts.code, parts.detail, { retryable: parts.retryable ?? false });
    this.status = parts.status;
    this.requestId = parts.requestId;
    this.detail = parts.detail;
    this.errors = parts.errors ?? [];
    this.results = parts.results ?? [];
    this.retryAfterMs = parts.retryAfterMs;
  }
}

/** 401: no key, no good key, or a signature that is not right. */
export class AuthenticationError extends ApiError {}
/** 403: the key may not do this. */
export class PermissionDeniedError extends ApiError {}
/** 404: there is no such thing. */
export class NotFoundError extends ApiError {}
/** 409: it is there already, or somebody was faster. */
export class ConflictError extends ApiError {}
/** Any other 4xx: what was sent is not right. */
export class InvalidRequestError extends ApiError {}
/** 429: too often; see `retryAfterMs`. */
export class RateLimitError extends ApiError {}
/** 5xx: the gateway can't, now. */
export class ServerError extends ApiError {}

/** No answer came: the connection failed. */
export class TransportError extends GapinError {
  constructor(detail: string, code = "transport") {
    super(code, detail, { retryable: true });
  }
}

/** No answer came in time. */
export class TimeoutError extends TransportError {
  constructor(detail: string) {
    super(detail, "timeout");
  }
}

/** What came is nothing that a gateway says: something else answers there. It would come again. */
export class UnreadableError extends GapinError {
  override readonly status: number | undefined;
  override readonly requestId: string | undefined;

  constructor(detail: string, answer: { status?: number; requestId?: string | undefined } = {}) {
    super("unreadable", detail);
    this.status = answer.status;
    this.requestId = answer.requestId;
  }
}

/** What was given is no event, or can't be written as JSON that can be signed. */
export class InvalidEventError extends GapinError {
  readonly errors: readonly Fault[];

  constructor(code: string, detail: string, errors: readonly Fault[] = []) {
    super(code, detail);
    this.errors = errors;
  }
}

/** A setting is missing or wrong. */
export class ConfigurationError extends GapinError {
  constructor(detail: string) {
    super("configuration", detail);
  }
}

/** The error of an answer, by its status. */
export function apiError(parts: ApiErrorParts): ApiError {
  return new (classOf(parts.status))(parts);
}

function classOf(status: number): typeof ApiError {
  if (status >= 500) return ServerError;
  switch (status) {
    case 401:
      return AuthenticationError;
    case 403:
      return PermissionDeniedError;
    case 404:
      return NotFoundError;
    case 409:
      return ConflictError;
    case 429:
      return RateLimitError;
    default:
      return status >= 400 ? InvalidRequestError : ApiError;
  }
}
