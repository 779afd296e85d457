/**
 * Looks for sessions, back from the newest event. The API knows events alone, and one session may have all of the newest
 * thousands; so a step reads page after page until it has found a few, or has read enough. What it keeps is the sessions:
 * the events are let go page by page.
 */
import { momentOf } from "@/lib/moments";
import { type Grouped, groupBySession, merged, NOTHING } from "./group";
import { parsePage, type ReadPage } from "./use-session-events";

const FIRST_PAGE_EVENTS = 200;
const PAGE_EVENTS = 500;

/** When a step ends, whichever comes first; the last page with it. */
export interface StepBounds {
  sessions: number;
  events: number;
  chars: number;
}

export const STEP: StepBounds = { sessions: 25, events: 4_000, chars: 32 * 1024 * 1024 };

export interface Step extends Grouped {
  /** How many were looked at, and how they were brought. */
  events: number;
  pages: number;
  /** The time of the oldest of them, in milliseconds. */
  oldestMs: number | undefined;
  /** Where the next step begins; none at the end. */
  next: string | undefined;
}

export async function walkStep(
  read: ReadPage,
  from: string | undefined,
  bounds: StepBounds = STEP,
): Promise<Step> {
  let found = NOTHING;
  let cursor = from;
  let [events, pages, chars] = [0, 0, 0];
  let oldestMs: number | undefined;
  do {
    const limit = pages === 0 ? FIRST_PAGE_EVENTS : PAGE_EVENTS;
    const text = await read({ limit, ...(cursor === undefined ? {} : { cursor }) });
    const page = parsePage(text);
    found = merged([found, groupBySession(page.records)]);
    events += page.records.length;
    pages += 1;
    chars += text.length;
    oldestMs = momentOf(page.records.at(-1)?.timestamp ?? "") ?? oldestMs;
    cursor = page.next;
  } while (
    cursor !== undefined &&
    found.sessions.length < bounds.sessions &&
    events < bounds.events &&
    chars < bounds.chars
  );
  return { ...found, events, pages, oldestMs, next: cursor };
}

/** What one page of the browser holds: more rows than this are of no use to anybody. */
export const SESSIONS_MAX = 1_000;
export const EVENTS_MAX = 50_000;

export interface Looked extends Grouped {
  events: number;
  oldestMs: number | undefined;
  /** Whether there is more: to be read, or only by another filter, or nowhere. */
  rest: "more" | "full" | "none";
}

/** All steps as one. */
export function lookedAt(steps: readonly Step[]): Looked {
  const found = merged(steps);
  const events = steps.reduce((sum, step) => sum + step.events, 0);
  const isFull = found.sessions.length >= SESSIONS_MAX || events >= EVENTS_MAX;
  const isEnd = steps.at(-1)?.next === undefined;
  return {
    ...found,
    events,
    oldestMs: steps.findLast(({ oldestMs }) => oldestMs !== undefined)?.oldestMs,
    rest: isEnd ? "none" : isFull ? "full" : "more",
  };
}
