/** How long to wait before the next try: longer each time, and never all clients at once. */

export const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 30_000;

/** Exponential, with full jitter: anything from nothing to the bound of this attempt, which counts from 0. */
export function waitMs(attempt: number, random: () => number): number {
  const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 16));
  return Math.round(random() * bound);
}
