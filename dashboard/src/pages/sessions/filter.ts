/** Which sessions are looked for: what the address says, and what is asked of the API for it. */
import { type Range, resolveRange } from "@/lib/time";
import { flag, optional, range, text } from "@/lib/url-state";

export const WHOLE_TIME = "all";

/** What the address keeps. */
export const URL_STATE = { q: text(), range: range(WHOLE_TIME), ai: optional(), errors: flag() };

export interface UrlFilter {
  range: Range;
  ai: string | undefined;
  errors: boolean;
}

/** As the API takes it. A session with errors is found by these alone: the others are not read. */
export interface EventFilter {
  from?: string;
  to?: string;
  ai_id?: string;
  event_type?: "ai.error";
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A preset leaves the end open, so that what comes meanwhile is listed too. */
export function filterOf({ range, ai, errors }: UrlFilter, now: Date): EventFilter {
  const filter: EventFilter = {};
  const { from, to } = resolveRange(range, now);
  const isPreset = "preset" in range;
  if (!isPreset || range.preset !== WHOLE_TIME) filter.from = from.toISOString();
  if (!isPreset) filter.to = to.toISOString();
  if (isSystem(ai)) filter.ai_id = ai;
  if (errors) filter.event_type = "ai.error";
  return filter;
}

/** What somebody wrote into the address may be no AI system's id. */
export function isSystem(ai: string | undefined): ai is string {
  return ai !== undefined && UUID.test(ai);
}

export function isNarrowed({ range, ai, errors }: UrlFilter): boolean {
  return errors || isSystem(ai) || !("preset" in range) || range.preset !== WHOLE_TIME;
}

const MONTH_MS = 30 * 24 * 60 * 60_000;

/** Where a list that is full goes on: the time before what was looked at, to its beginning or a month long. */
export function rangeBefore(oldestMs: number, filter: EventFilter): Range {
  const from = filter.from ?? new Date(oldestMs - MONTH_MS).toISOString();
  // The end is not within, and times are finer than milliseconds.
  return { from, to: new Date(oldestMs + 1).toISOString() };
}
