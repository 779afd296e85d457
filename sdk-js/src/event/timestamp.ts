/** When an event happened, as RFC 3339 with an offset. */

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** A moment to the nanosecond: two numbers, since one can't hold it. */
export interface Moment {
  /** Whole milliseconds since the Unix epoch, rounded down. */
  readonly unixMs: number;
  /** What comes on top, below one million. */
  readonly ns: number;
}

/**
 * Reads RFC 3339 with an offset and at most nine fraction digits; `undefined` when it is not that, or no real date
 * and time. A leap second, which only stands at the end of a month in UTC, is the last nanosecond of the one before.
 */
export function parseTimestamp(text: string): Moment | undefined {
  const found = RFC_3339.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHour, offsetMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const offsetMs = (found[8] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  const isLeap = second === 60;
  const wholeMs = utc(year, month, day, hour, minute, isLeap ? 59 : second) - offsetMs;
  if (isLeap) {
    return endsMonth(wholeMs) ? { unixMs: wholeMs + 999, ns: 999_999 } : undefined;
  }
  const ns = Number((found[7] ?? ".0").slice(1).padEnd(9, "0"));
  return { unixMs: wholeMs + Math.floor(ns / 1_000_000), ns: ns % 1_000_000 };
}

/** Whether the first lies later than the second. */
export function isLater(a: Moment, b: Moment): boolean {
  return a.unixMs > b.unixMs || (a.unixMs === b.unixMs && a.ns > b.ns);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

/** `Date.UTC` takes the years 0 to 99 for those of the last century. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, 0);
}

function endsMonth(unixMs: number): boolean {
  const next = new Date(unixMs + 1000);
  return next.getUTCDate() === 1 && next.getUTCHours() === 0 && next.getUTCMinutes() === 0;
}
