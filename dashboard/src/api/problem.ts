import type { Schemas } from "./types";

/** A place in a body, and what is wrong with it. */
export type Fault = Schemas["Fault"];

/** Why a request failed: what the gateway said (RFC 9457), or that nothing was heard from it. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** The status of the answer; 0 where there was none. */
  readonly status: number;
  /** The kind of problem; `unreachable` where no answer came, `unknown` where it was no problem of ours. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | undefined;
  /** After how many seconds to try again, where the gateway said so. */
  readonly retryAfterS: number | undefined;
  /** What else the problem says, by its members' names. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    problem: Readonly<Record<string, unknown>>,
    options: { retryAfterS?: number | undefined; cause?: unknown } = {},
  ) {
    const { code, title, detail, request_id, status: _status, type: _type, ...fields } = problem;
    const text = typeof detail === "string" ? detail : "The answer does not say why.";
    super(text, { cause: options.cause });
    this.status = status;
    this.code = typeof code === "string" ? code : "unknown";
    this.title = typeof title === "string" ? title : `The request failed (${status}).`;
    this.detail = text;
    this.requestId = typeof request_id === "string" ? request_id : undefined;
    this.retryAfterS = options.retryAfterS;
    this.fields = fields;
  }

  /** What is wrong with the body, place by place. */
  get faults(): readonly Fault[] {
    const { errors } = this.fields;
    return Array.isArray(errors) ? (errors as Fault[]) : [];
  }

  /** No answer came: the gateway is away, or the way to it. */
  static unreachable(cause: unknown): ApiProblem {
    const detail = "The gateway could not be reached. What you see may be old; it is tried again.";
    return new ApiProblem(0, { code: "unreachable", title: "No answer", detail }, { cause });
  }

  /** What an answer that is no success says. */
  static async of(answer: Response): Promise<ApiProblem> {
    const retryAfter = Number(answer.headers.get("Retry-After") ?? Number.NaN);
    const retryAfterS = Number.isFinite(retryAfter) ? retryAfter : undefined;
    const body: unknown = await answer.json().catch(() => undefined);
    const problem = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    return new ApiProblem(answer.status, problem, { retryAfterS });
  }
}

/** Whether an error is a problem of one of these kinds. */
export function isProblem(error: unknown, ...codes: string[]): error is ApiProblem {
  return error instanceof ApiProblem && (codes.length === 0 || codes.includes(error.code));
}
