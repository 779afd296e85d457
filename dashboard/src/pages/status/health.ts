/**
 * What the gateway says of itself, and since when: it tells how things are, not since when they are so. Whoever looks
 * keeps that: each answer is held against the one before, also the one that did not come.
 */
import type { Schemas } from "@/api";

type Readiness = Schemas["Readiness"];

export interface Answer {
  readiness: Readiness;
  summary: Schemas["Summary"] | undefined;
}

/** A state, and since when it is known to be so. */
export interface Since {
  state: string;
  sinceMs: number;
  /** It was seen to begin; else it was so when somebody first looked. */
  isSeen: boolean;
}

export interface Change {
  atMs: number;
  subject: Subject;
  from: string;
  to: string;
}

/** `gateway`, `spool`, or `dependency:` and its name. */
export type Subject = "gateway" | "spool" | `dependency:${string}`;

export interface Watch {
  /** Since when this page looks. */
  beganMs: number;
  askedMs: number;
  /** The last answer, however old. */
  answer: Answer | undefined;
  answeredMs: number | undefined;
  states: Readonly<Partial<Record<Subject, Since>>>;
  /** The newest first. */
  changes: readonly Change[];
}

export const UNREACHABLE = "unreachable";
const CHANGES_MAX = 50;

/** What is known after an answer, or after none. */
export function watch(before: Watch | undefined, answer: Answer | undefined, nowMs: number): Watch {
  const told = statesOf(answer);
  const states: Partial<Record<Subject, Since>> = { ...before?.states };
  const changes: Change[] = [];
  for (const [subject, state] of told) {
    const known = states[subject];
    if (known?.state === state) continue;
    states[subject] = { state, sinceMs: nowMs, isSeen: known !== undefined };
    if (known !== undefined) changes.push({ atMs: nowMs, subject, from: known.state, to: state });
  }
  return {
    beganMs: before?.beganMs ?? nowMs,
    askedMs: nowMs,
    answer: answer ?? before?.answer,
    answeredMs: answer === undefined ? before?.answeredMs : nowMs,
    states,
    changes: [...changes, ...(before?.changes ?? [])].slice(0, CHANGES_MAX),
  };
}

/** Nothing is said of the rest while the gateway does not answer: it stays as it was last heard. */
function statesOf(answer: Answer | undefined): Map<Subject, string> {
  const states = new Map<Subject, string>([["gateway", answer?.readiness.status ?? UNREACHABLE]]);
  if (answer === undefined) return states;
  for (const { name, state } of answer.readiness.dependencies) states.set(`dependency:${name}`, state);
  if (answer.readiness.spool) states.set("spool", answer.readiness.spool.state);
  return states;
}

export function isReachable(known: Watch): boolean {
  return known.states.gateway?.state !== UNREACHABLE;
}

const WAIT_MAX_MS = 8_000;

/** Asks the gateway. None where nothing that is an answer of its came, in time. */
export async function ask(signal: AbortSignal): Promise<Answer | undefined> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MAX_MS)]);
  const [readiness, summary] = await Promise.all([get("/health/ready", bounded), get("/health", bounded)]);
  if (!isReadiness(readiness)) return undefined;
  return { readiness, summary: isSummary(summary) ? summary : undefined };
}

/** Not by the client of the API: that it is unavailable (503) is an answer, and needs no session. */
async function get(path: string, signal: AbortSignal): Promise<unknown> {
  try {
    const answer = await fetch(path, { signal, cache: "no-store", headers: { Accept: "application/json" } });
    return await answer.json();
  } catch {
    return undefined;
  }
}

/** A proxy's page of errors is none. */
function isReadiness(body: unknown): body is Readiness {
  if (typeof body !== "object" || body === null) return false;
  const { status, dependencies } = body as Partial<Readiness>;
  return typeof status === "string" && Array.isArray(dependencies);
}

function isSummary(body: unknown): body is Schemas["Summary"] {
  if (typeof body !== "object" || body === null) return false;
  const { version, uptime_seconds } = body as Partial<Schemas["Summary"]>;
  return typeof version === "string" && typeof uptime_seconds === "number";
}
