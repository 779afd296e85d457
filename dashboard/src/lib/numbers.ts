/** Numbers as they are shown. Every function takes any number: what is none is a dash. */
import { NONE } from "./time";

const exact = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 20 });
const rounded = [0, 1, 2].map((digits) => new Intl.NumberFormat("en-GB", { maximumFractionDigits: digits }));

function round(n: number, digits: number): string {
  const text = (rounded[digits] as Intl.NumberFormat).format(n);
  return text === "-0" ? "0" : text;
}

/** Three digits that tell something: `123`, `12.3`, `1.23`. */
function readable(n: number): string {
  const size = Math.abs(n);
  return round(n, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** `n` in the largest of the units in which it is at least 1, each `factor` of the one before. */
function inUnits(n: number, units: readonly string[], factor: number, gap: string): string {
  let value = n;
  let unit = 0;
  // Compared as it will be written, so that 999,950 is 1M and not 1,000K.
  while (
    unit < units.length - 1 &&
    Math.abs(Number(value.toFixed(Math.abs(value) < 100 ? 1 : 0))) >= factor
  ) {
    value /= factor;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(value) >= 100 ? 0 : 1;
  const text = unit === 0 && !Number.isInteger(value) ? readable(value) : round(value, digits);
  return units[unit] === "" ? text : `${text}${gap}${units[unit]}`;
}

/** `1,234,567`: all of its digits. */
export function formatExact(n: number): string {
  return Number.isFinite(n) ? exact.format(n + 0) : NONE;
}

/** `1.5K`, `12.3M`: for where there is little room, such as an axis. */
export function formatCompact(n: number): string {
  return Number.isFinite(n) ? inUnits(n, ["", "K", "M", "B", "T"], 1000, "") : NONE;
}

/** `12,345`, and from a million on `1.2M`. */
export function formatCount(n: number): string {
  if (!Number.isFinite(n)) return NONE;
  if (Math.abs(n) >= 999_999.5) return formatCompact(n);
  // Adding 0 makes a negative zero one that is none.
  return Number.isInteger(n) ? exact.format(n + 0) : readable(n);
}

/** `640 B`, `1.2 MB`: decimal units, as disks and networks have them. */
export function formatBytes(n: number): string {
  return Number.isFinite(n) ? inUnits(Math.round(n), ["B", "kB", "MB", "GB", "TB", "PB"], 1000, " ") : NONE;
}

const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** `340 µs`, `21.4 ms`, `1.2 s`, `2 min 5 s`, `3 h 4 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return NONE;
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return "0 ms";
  if (ms < 0.0005) return "<1 µs";
  if (ms < 0.9995) return `${round(ms * 1000, 0)} µs`;
  if (ms < 99.95) return `${round(ms, 1)} ms`;
  if (ms < 999.5) return `${round(ms, 0)} ms`;
  if (ms < 59.95 * SECOND_MS) return `${round(ms / SECOND_MS, 1)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < HOUR_S) return pair(seconds, MINUTE_S, "min", 1, "s");
  if (seconds < DAY_S) return pair(seconds, HOUR_S, "h", MINUTE_S, "min");
  return pair(seconds, DAY_S, "d", HOUR_S, "h");
}

function pair(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  const whole = `${round(Math.floor(seconds / large), 0)} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

/** `4,021/s`, `0.3/s`: what is there is never shown as nothing. */
export function formatRate(n: number): string {
  if (!Number.isFinite(n)) return NONE;
  return n > 0 && n < 0.005 ? "<0.01/s" : `${formatCount(n)}/s`;
}

/** A share from 0 to 1 as `99.58%`. What is not all is never shown as 100 %, what is not nothing never as 0 %. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return NONE;
  if (share > 0 && share < 0.0001) return "<0.01%";
  if (share < 1 && share > 0.9999) return ">99.99%";
  const percent = share * 100;
  return `${round(percent, Math.abs(percent) >= 1000 ? 0 : 2)}%`;
}
