/** Which letters are shown: what the URL says, as the list asks for it and as a redrive by filter takes it. */
import type { Schemas } from "@/api";
import { type Range, resolveRange } from "@/lib/time";
import { oneOf, optional, range } from "@/lib/url-state";
import { isReason, type Reason } from "./reasons";

/** All that there is: letters are kept for 90 days. */
export const WHOLE_TIME = "all";
export const STATES = ["open", "redriven", "all"] as const;
export type StateChoice = (typeof STATES)[number];

/** What the address keeps. */
export const URL_STATE = {
  state: oneOf(STATES, "open"),
  reason: optional(),
  range: range(WHOLE_TIME),
};

export interface UrlFilter {
  state: StateChoice;
  reason: string | undefined;
  range: Range;
}

export const EVERYTHING: UrlFilter = { state: "all", reason: undefined, range: { preset: WHOLE_TIME } };

export interface LetterFilter {
  reason?: Reason;
  state?: "open" | "redriven";
  from?: string;
  to?: string;
}

/** A preset leaves the end open, so that letters that come meanwhile are listed too. */
export function filterOf(url: UrlFilter, now: Date): LetterFilter {
  const filter: LetterFilter = {};
  if (url.state !== "all") filter.state = url.state;
  if (isReason(url.reason)) filter.reason = url.reason;
  const { from, to } = resolveRange(url.range, now);
  if (!("preset" in url.range)) {
    filter.from = from.toISOString();
    filter.to = to.toISOString();
  } else if (url.range.preset !== WHOLE_TIME) {
    filter.from = from.toISOString();
  }
  return filter;
}

/** The same letters for a redrive, of those that are there now: what fails again meanwhile is not taken once more. */
export function redriveFilterOf(filter: LetterFilter, now: Date): Schemas["RedriveFilter"] {
  return {
    ...(filter.reason === undefined ? {} : { reason: filter.reason }),
    ...(filter.from === undefined ? {} : { from: filter.from }),
    to: filter.to ?? now.toISOString(),
  };
}

/** Whether anything but the state is filtered by. */
export function isNarrowed(filter: LetterFilter): boolean {
  return filter.reason !== undefined || filter.from !== undefined || filter.to !== undefined;
}
