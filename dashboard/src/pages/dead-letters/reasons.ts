/** Why a record became a dead letter, and whether anything can be done about it. */
import type { Schemas } from "@/api";
import { type Explanation, words } from "./words";

export const REASONS = ["event_id_conflict", "refused_by_store", "not_a_record"] as const;
export type Reason = (typeof REASONS)[number];

export const LEFT_OUT_REASONS = ["event_id_conflict", "no_record", "nobodys_record", "too_often"] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** So often a record may be appended again before its letter stays where it is; the gateway's bound. */
export const REDRIVES_MAX = 16;

export type Tone = "warn" | "bad" | "neutral";

export function isReason(word: string | undefined | null): word is Reason {
  return REASONS.some((reason) => reason === word);
}

export function explain(reason: string): Explanation {
  return isReason(reason) ? words.reasons[reason] : words.unknownReason;
}

/** What waits for somebody to mend it is bad; what can't be helped only warns. */
export function toneOf(reason: string): Tone {
  switch (reason) {
    case "refused_by_store":
      return "bad";
    case "event_id_conflict":
      return "warn";
    default:
      return "neutral";
  }
}

/** Why a letter can't be redriven; none when it can. The gateway decides, and this says its reason in words. */
export function whyNot(letter: Schemas["WholeDeadLetter"]): string | undefined {
  if (letter.redrivable) return undefined;
  if (letter.reason === "event_id_conflict") return words.leftOut.event_id_conflict;
  if (letter.redrives >= REDRIVES_MAX) return words.leftOut.too_often;
  if (letter.org_id == null) return words.leftOut.nobodys_record;
  return words.leftOut.no_record;
}

/** Of letters that a filter leaves out: the page's words for a reason it knows, else the gateway's. */
export function leftOutText(left: Pick<Schemas["LeftOut"], "reason" | "detail">): string {
  const known = LEFT_OUT_REASONS.find((reason) => reason === left.reason);
  return known === undefined ? left.detail : words.leftOut[known];
}

/** Whether it can be picked in the list: somebody can still do something about it. */
export function isPickable(letter: Pick<Schemas["DeadLetter"], "redrivable" | "state">): boolean {
  return letter.redrivable && letter.state === "open";
}
