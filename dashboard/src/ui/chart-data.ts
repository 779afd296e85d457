/** The rules of charts over time: what is stacked, what a step is, how its time reads, and the same as a table. */
import { formatTime } from "@/lib/time";

export type Tone = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | "good" | "bad";
export type Values = readonly (number | null)[];

export interface ChartSeries {
  name: string;
  values: Values;
  tone: Tone;
  /** The area under the line, too: for one series of a chart. */
  fill?: boolean;
}

const DAY_S = 86_400;
const MINUTE_S = 60;

/** Seconds from one point to the next: the shortest distance there is, as points may be missing. */
export function stepOf(times: readonly number[]): number {
  let step = Number.POSITIVE_INFINITY;
  for (let index = 1; index < times.length; index += 1) {
    const apart = (times[index] as number) - (times[index - 1] as number);
    if (apart > 0) step = Math.min(step, apart);
  }
  return Number.isFinite(step) ? step : MINUTE_S;
}

/** The time that a point stands for, in milliseconds. */
export function stepRange(
  times: readonly number[],
  index: number,
): [fromMs: number, toMs: number] | undefined {
  const from = times[index];
  return from === undefined ? undefined : [from * 1000, (from + stepOf(times)) * 1000];
}

const isKnown = (value: number | null | undefined): value is number =>
  value != null && Number.isFinite(value);

export function isEmpty(times: readonly number[], series: readonly ChartSeries[]): boolean {
  return times.length === 0 || series.every(({ values }) => !values.some(isKnown));
}

/** The last point at which anything is known: what a chart tells when nobody points at it. */
export function lastKnown(times: readonly number[], series: readonly ChartSeries[]): number {
  for (let index = times.length - 1; index >= 0; index -= 1) {
    if (series.some(({ values }) => isKnown(values[index]))) return index;
  }
  return times.length - 1;
}

/** What is drawn: each series as long as the times, whatever is no number a gap; stacked, each on top of those before. */
export function drawn(
  times: readonly number[],
  series: readonly ChartSeries[],
  stacked: boolean,
): (number | null)[][] {
  const sums = new Array<number>(times.length).fill(0);
  return series.map(({ values }) =>
    times.map((_, index) => {
      const value = values[index];
      if (!isKnown(value)) {
        // In a stack it counts as nothing, as long as anything is known of this moment.
        const isHole = !stacked || !series.some((other) => isKnown(other.values[index]));
        return isHole ? null : (sums[index] as number);
      }
      if (!stacked) return value;
      sums[index] = (sums[index] as number) + value;
      return sums[index] as number;
    }),
  );
}

/** Points without neighbours: no line goes through them, so they are drawn as dots. */
export function isolated(values: Values): number[] {
  const found: number[] = [];
  for (const [index, value] of values.entries()) {
    if (isKnown(value) && !isKnown(values[index - 1]) && !isKnown(values[index + 1])) found.push(index);
  }
  return found;
}

/** Room above the highest value, up to a round number; from 0, unless there is less than that. */
export function valueRange(low: number | null, high: number | null): [number, number] {
  const min = Math.min(0, low ?? 0);
  const max = Math.max(0, high ?? 0);
  if (min === max) return [0, 1];
  const rough = (max - min) / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  return [Math.floor(min / step) * step, Math.ceil(max / step) * step];
}

/** The time of a point, as exact as its step asks for; with its day when there are several. */
export function pointTime(seconds: number, times: readonly number[], zone?: string): string {
  const step = stepOf(times);
  const ms = seconds * 1000;
  if (step >= DAY_S) return formatTime(ms, "date", zone);
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const told = formatTime(ms, span >= DAY_S / 2 ? "datetime" : "time", zone);
  return step % MINUTE_S === 0 ? told.replace(/:\d\d$/, "") : told;
}

/** A label of the time axis whose labels are `apart` seconds from each other: at midnight, the day that begins. */
export function axisTime(seconds: number, apart: number, zone?: string): string {
  const ms = seconds * 1000;
  const clock = formatTime(ms, "time", zone);
  const day = formatTime(ms, "date", zone);
  if (apart >= 28 * DAY_S) return day.replace(/^\d+ /, "");
  if (apart >= DAY_S || clock === "00:00:00") return day.replace(/ \d+$/, "");
  return apart < MINUTE_S ? clock : clock.slice(0, 5);
}

/** The table that is looked at, the latest first. */
export function tableRows(
  times: readonly number[],
  series: readonly ChartSeries[],
  unit: (value: number) => string,
  missing: string,
): string[][] {
  return times
    .map((seconds, index) => [
      pointTime(seconds, times),
      ...series.map(({ values }) => {
        const value = values[index];
        return isKnown(value) ? unit(value) : missing;
      }),
    ])
    .reverse();
}

/** The table that is computed with: exact UTC, plain numbers, in the order of time. */
export function csvRows(
  times: readonly number[],
  series: readonly ChartSeries[],
  timeName: string,
): string[][] {
  const head = [timeName, ...series.map(({ name }) => name)];
  const rows = times.map((seconds, index) => [
    new Date(seconds * 1000).toISOString(),
    ...series.map(({ values }) => {
      const value = values[index];
      return isKnown(value) ? String(value) : "";
    }),
  ]);
  return [head, ...rows];
}
