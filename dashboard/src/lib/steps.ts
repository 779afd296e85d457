/**
 * What the metrics tell in steps, as points of a chart. The last step is the one that is now: it is not over, so what is
 * counted in it stands for the part of it that has passed.
 */

/** Less of a step than this says nothing of a rate yet. */
const ENOUGH_S = 5;

export interface Step {
  at: string;
}

export interface Span {
  fromMs: number;
  toMs: number;
}

/** Where each step begins, in Unix seconds. */
export function timesOf(series: readonly Step[]): number[] {
  return series.map(({ at }) => Date.parse(at) / 1000);
}

/** Counts per step as counts per second. `null`: too little of the step has passed to say. */
export function ratesOf(
  counts: readonly number[],
  times: readonly number[],
  stepS: number,
  nowS: number,
): (number | null)[] {
  return counts.map((count, i) => {
    if (i < counts.length - 1) return count / stepS;
    const passedS = Math.min(nowS - (times[i] ?? nowS), stepS);
    return passedS < ENOUGH_S ? null : count / passedS;
  });
}

/** The share that was refused of all that was sent, from 0 to 1; `null`: nothing was sent. */
export function shareRefused(taken: number, refused: number): number | null {
  const sent = taken + refused;
  return sent === 0 ? null : refused / sent;
}

/** By how many percent the later value is more than the earlier; nothing where there was none to compare with. */
export function changePercent(earlier: number | null, later: number | null): number | undefined {
  if (earlier === null || later === null || earlier === 0) return undefined;
  return ((later - earlier) / earlier) * 100;
}

/** The two halves of the steps that are over; of an odd number the first is left out. */
export function halves<T>(series: readonly T[]): [earlier: T[], later: T[]] {
  const over = series.slice(0, -1);
  const half = Math.floor(over.length / 2);
  const begin = over.length - 2 * half;
  return [over.slice(begin, begin + half), over.slice(begin + half)];
}

/** The newest value that is known. */
export function lastKnown(values: readonly (number | null)[]): number | undefined {
  return values.findLast((value): value is number => value !== null);
}

/** The greatest value that is known. */
export function greatest(values: readonly (number | null)[]): number | undefined {
  return values.reduce<number | undefined>(
    (most, value) => (value === null || (most !== undefined && most >= value) ? most : value),
    undefined,
  );
}
