/** What a change of the days would do: whether it is shorter, and from when on events would be dropped. */
import type { Schemas } from "@/api";
import { words } from "./words";

const DAY_MS = 86_400_000;

export type Choice = { kind: "installation" } | { kind: "own"; text: string };

export function choiceOf(saved: Schemas["Retention"]): Choice {
  return saved.events_days == null
    ? { kind: "installation" }
    : { kind: "own", text: String(saved.events_days) };
}

/** The days that a choice says; a sentence where it says none. */
export function daysOf(
  choice: Choice,
  saved: Schemas["Retention"],
): { days: number | null } | { error: string } {
  if (choice.kind === "installation") return { days: null };
  const text = choice.text.trim();
  if (text === "") return { error: words.retention.daysMissing };
  const days = Number(text);
  const isDays = /^\d{1,6}$/.test(text) && days >= 1 && days <= saved.events_days_max;
  return isDays ? { days } : { error: words.retention.daysWrong(saved.events_days_max) };
}

export interface Effect {
  /** How long events would be kept. */
  days: number;
  compared: "shorter" | "same" | "longer";
  /** What is older would be dropped. */
  cutoff: Date;
  /** Whether anything would be said that is not said already. */
  isChange: boolean;
}

export function effectOf(days: number | null, saved: Schemas["Retention"], now: Date): Effect {
  const kept = days ?? saved.installation_days;
  const compared = kept < saved.effective_days ? "shorter" : kept > saved.effective_days ? "longer" : "same";
  return {
    days: kept,
    compared,
    cutoff: new Date(now.getTime() - kept * DAY_MS),
    isChange: days !== (saved.events_days ?? null),
  };
}
