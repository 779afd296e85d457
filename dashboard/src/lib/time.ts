/** Times as they are read and shown: in the viewer's zone, with the exact UTC always at hand; and ranges of time. */
import { wallOf } from "./wall-clock";

/** RFC 3339 text, milliseconds since 1970, or a date. */
export type TimeInput = string | number | Date;

/** Stands where there is no value. */
export const NONE = "–";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2}))?$/;

/** Never throws: what is no time is an invalid `Date`, which every function here shows as a dash. */
export function parseTime(value: TimeInput): Date {
  if (typeof value !== "string") return new Date(value);
  const found = RFC_3339.exec(value.trim());
  if (found === null) return new Date(Number.NaN);
  const [, day, minute, second, fraction = "", zone] = found;
  if (minute === undefined || zone === undefined) return new Date(`${day}T00:00:00Z`);
  // A leap second has no place in `Date`: it is the first moment of the next minute.
  const isLeap = second === "60";
  const ms = fraction.padEnd(3, "0").slice(0, 3);
  const read = new Date(`${day}T${minute}:${isLeap ? "59" : second}.${ms}${zone.toUpperCase()}`);
  return isLeap ? new Date(read.getTime() + SECOND_MS) : read;
}

export type TimeStyle = "time" | "time-ms" | "datetime" | "date";

const two = (n: number) => String(n).padStart(2, "0");

/** `02:59:31`, `02:59:31.099`, `21 Nov 2026, 02:59:31` or `21 Nov 2026`, in `zone` or the viewer's. */
export function formatTime(value: TimeInput, style: TimeStyle, zone?: string): string {
  const date = parseTime(value);
  if (Number.isNaN(date.getTime())) return NONE;
  const { year, month, day, hour, minute, second, ms } = wallOf(date, zone);
  const clock = `${two(hour)}:${two(minute)}:${two(second)}`;
  const calendar = `${day} ${MONTHS[month - 1]} ${year}`;
  switch (style) {
    case "time":
      return clock;
    case "time-ms":
      return `${clock}.${String(ms).padStart(3, "0")}`;
    case "datetime":
      return `${calendar}, ${clock}`;
    case "date":
      return calendar;
  }
}

/** `2026-11-21 02:59:32.986123 UTC`: exact, so digits that a `Date` cannot hold are kept as they were sent. */
export function formatUtc(value: TimeInput): string {
  const date = parseTime(value);
  if (Number.isNaN(date.getTime())) return NONE;
  const [day, clock = ""] = date.toISOString().slice(0, -1).split("T");
  const sent = typeof value === "string" ? RFC_3339.exec(value.trim())?.[4] : undefined;
  const digits = (sent ?? clock.slice(9)).replace(/0+$/, "");
  return `${day} ${clock.slice(0, 8)}${digits === "" ? "" : `.${digits}`} UTC`;
}

/** `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 days ago`; what lies ahead is `in 5 min`. */
export function relative(value: TimeInput, now: TimeInput): string {
  const apart = parseTime(now).getTime() - parseTime(value).getTime();
  if (Number.isNaN(apart)) return NONE;
  const ms = Math.abs(apart);
  if (ms < 5 * SECOND_MS) return "just now";
  const told = amountOf(ms);
  return apart > 0 ? `${told} ago` : `in ${told}`;
}

function amountOf(ms: number): string {
  const many = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  const days = Math.floor(ms / DAY_MS);
  if (days < 30) return many(days, "day");
  if (days < 365) return many(Math.floor(days / 30), "month");
  return many(Math.floor(days / 365), "year");
}

/** `1h`, `7d`, `all`: counted back from now; or two moments, RFC 3339. */
export type Range = { preset: string } | { from: string; to: string };

export const DEFAULT_PRESET = "1h";

const PRESET = /^([1-9]\d{0,3})(m|h|d)$/;
const UNIT_MS = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const;

/** How long a preset goes back; `Infinity` for `all`, nothing for what is none. A day is 24 hours, whatever the clocks do. */
export function presetMs(preset: string): number | undefined {
  if (preset === "all") return Number.POSITIVE_INFINITY;
  const found = PRESET.exec(preset);
  return found === null ? undefined : Number(found[1]) * UNIT_MS[found[2] as keyof typeof UNIT_MS];
}

/** The moments of a range. What is malformed is the default; ends in the wrong order are turned round. */
export function resolveRange(range: Range, now: TimeInput): { from: Date; to: Date } {
  const to = parseTime(now);
  if ("preset" in range) {
    const back = presetMs(range.preset) ?? (presetMs(DEFAULT_PRESET) as number);
    return { from: new Date(Math.max(0, to.getTime() - back)), to };
  }
  const ends = [parseTime(range.from).getTime(), parseTime(range.to).getTime()];
  if (ends.some(Number.isNaN)) return resolveRange({ preset: DEFAULT_PRESET }, now);
  return { from: new Date(Math.min(...ends)), to: new Date(Math.max(...ends)) };
}

/** A range as it stands in an address: `6h`, or `2026-11-21T02:00:00Z..2026-11-21T03:00:00Z`. */
export function rangeToText(range: Range): string {
  return "preset" in range ? range.preset : `${range.from}..${range.to}`;
}

/** Reads it again; what is malformed is `fallback`. */
export function textToRange(text: string, fallback: Range = { preset: DEFAULT_PRESET }): Range {
  if (presetMs(text) !== undefined) return { preset: text };
  const ends = text.split("..");
  const [from, to] = ends.map(parseTime);
  if (ends.length !== 2 || from === undefined || to === undefined) return fallback;
  if (!(from.getTime() < to.getTime())) return fallback;
  return { from: from.toISOString(), to: to.toISOString() };
}

/** The name of a range in words: `Last 6 hours`, `All time`, `21 Nov 2026, 02:00 – 03:00`. */
export function rangeName(range: Range, zone?: string): string {
  if ("preset" in range) {
    if (range.preset === "all") return "All time";
    const [, count, unit] = PRESET.exec(range.preset) ?? ["", "1", "h"];
    const word = { m: "minute", h: "hour", d: "day" }[unit as keyof typeof UNIT_MS];
    return count === "1" ? `Last ${word}` : `Last ${count} ${word}s`;
  }
  const short = (value: string) => formatTime(value, "datetime", zone).replace(/:00$/, "");
  const from = short(range.from);
  const to = short(range.to);
  const [day, clock] = to.split(", ");
  return day !== undefined && from.startsWith(`${day}, `) ? `${from} – ${clock}` : `${from} – ${to}`;
}
