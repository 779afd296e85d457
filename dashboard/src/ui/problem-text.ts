/** What went wrong in words: what it is, and what to do. By the problem's code first, by its status where there is none. */
import type { ApiProblem } from "@/api/problem";
import { problems } from "./words";

export type ProblemKind =
  | "offline"
  | "forbidden"
  | "missing"
  | "wait"
  | "unavailable"
  | "outdated"
  | "broken";

export interface ProblemText {
  kind: ProblemKind;
  title: string;
  /** What to do. */
  text: string;
  /** What the gateway says of it, where that is more. */
  detail?: string;
  code?: string;
  requestId?: string;
  faults: readonly { pointer: string; detail: string }[];
  /** Trying again may help. */
  canRetry: boolean;
}

const MINUTE_S = 60;

/** By its name, not its class: the kit does not load the client. */
export function isApiProblem(error: unknown): error is ApiProblem {
  return error instanceof Error && error.name === "ApiProblem" && "code" in error && "status" in error;
}

export function problemText(error: unknown, isOnline = navigator.onLine): ProblemText {
  if (!isApiProblem(error)) return pageText(error);
  const { code, requestId } = error;
  const answered = code === "unreachable" || code === "unknown" ? {} : { code };
  return { faults: faultsOf(error), ...answered, requestId, ...textOf(error, isOnline) };
}

type Words = Pick<ProblemText, "kind" | "title" | "text" | "detail" | "canRetry">;

function textOf(problem: ApiProblem, isOnline: boolean): Words {
  const { status, code, title, detail } = problem;
  if (status === 0) {
    const said = isOnline ? problems.unreachable : problems.offline;
    return { kind: "offline", ...said, canRetry: true };
  }
  switch (code) {
    case "missing_scope":
      return { kind: "forbidden", title: problems.forbidden.title, text: scopeText(detail), canRetry: false };
    case "role_too_low":
      return { kind: "forbidden", title, text: problems.ask, detail, canRetry: false };
    case "no_organisation":
      return { kind: "forbidden", ...problems.noOrganisation, canRetry: false };
    case "not_found":
      return { kind: "missing", ...problems.notFound, canRetry: false };
    case "rate_limited":
      return { kind: "wait", title: problems.tooMany.title, text: waitText(problem), canRetry: true };
    case "email_unavailable":
      return { kind: "unavailable", title, text: detail, canRetry: false };
  }
  if (status === 401 && code !== "invalid_credentials") {
    return { kind: "forbidden", ...problems.signedOut, canRetry: false };
  }
  if (status === 403) return { kind: "forbidden", title, text: detail, canRetry: false };
  if (status === 404) return { kind: "missing", ...problems.notFound, canRetry: false };
  if (status === 429) return { kind: "wait", title, text: waitText(problem), detail, canRetry: true };
  if (status === 502 || status === 503 || status === 504) {
    return { kind: "unavailable", title, text: problems.unavailable, detail, canRetry: true };
  }
  if (status >= 500) return { kind: "broken", ...problems.ours, canRetry: true };
  return { kind: "broken", title, text: detail, canRetry: false };
}

/** The gateway names the scope in its sentence. */
function scopeText(detail: string): string {
  const scope = /\b[a-z]+:[a-z]+\b/.exec(detail)?.[0];
  return scope === undefined ? problems.forbidden.text : problems.scope(scope);
}

function waitText({ retryAfterS }: ApiProblem): string {
  if (retryAfterS === undefined) return problems.unavailable;
  const seconds = Math.max(1, Math.ceil(retryAfterS));
  return seconds <= 2 * MINUTE_S
    ? problems.retryIn(seconds)
    : problems.retryMinutes(Math.ceil(seconds / MINUTE_S));
}

function faultsOf({ faults }: ApiProblem): ProblemText["faults"] {
  return Array.isArray(faults) ? faults : [];
}

/** A chunk that is not there any more: the gateway was replaced by a newer one while the page was open. */
const LOST_CHUNK =
  /dynamically imported module|Importing a module script failed|Failed to load module script|preload CSS/i;

function pageText(error: unknown): ProblemText {
  const message = error instanceof Error ? error.message : typeof error === "string" ? error : "";
  if (LOST_CHUNK.test(message)) {
    return { kind: "outdated", ...problems.updated, faults: [], canRetry: false };
  }
  return { kind: "broken", ...problems.page, detail: message || undefined, faults: [], canRetry: false };
}
