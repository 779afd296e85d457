/** How long something is good: keys, versions of signing keys, invitations. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What ends within so many days is said before it does. */
export const SOON_DAYS = 14;

export type Validity =
  | { kind: "forever" }
  | { kind: "later"; until: Date }
  | { kind: "soon"; until: Date; left: string }
  | { kind: "over"; until: Date };

/** Of something that is good until then; without a time, or with one that nobody can read, for good. */
export function validity(until: string | null | undefined, now: Date, soonDays = SOON_DAYS): Validity {
  if (!until) return { kind: "forever" };
  const end = new Date(until);
  const leftMs = end.getTime() - now.getTime();
  if (Number.isNaN(leftMs)) return { kind: "forever" };
  if (leftMs <= 0) return { kind: "over", until: end };
  if (leftMs > soonDays * DAY_MS) return { kind: "later", until: end };
  return { kind: "soon", until: end, left: spanText(leftMs) };
}

/** A span in its largest whole unit; what is cut off is never added. */
export function spanText(ms: number): string {
  if (ms >= DAY_MS) return counted(Math.floor(ms / DAY_MS), "day");
  if (ms >= HOUR_MS) return counted(Math.floor(ms / HOUR_MS), "hour");
  if (ms >= MINUTE_MS) return counted(Math.floor(ms / MINUTE_MS), "minute");
  return "less than a minute";
}

function counted(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

export function afterDays(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}
