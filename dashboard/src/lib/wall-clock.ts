/** What a clock on the wall shows in a time zone, and which moment that is: the only place that knows of offsets. */

export interface Wall {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** The wall in `zone`, an IANA name; without one, the viewer's, which the platform answers much faster. */
export function wallOf(date: Date, zone?: string): Wall {
  if (zone === undefined) {
    return {
      year: date.getFullYear(),
      month: date.getMonth() + 1,
      day: date.getDate(),
      hour: date.getHours(),
      minute: date.getMinutes(),
      second: date.getSeconds(),
      ms: date.getMilliseconds(),
    };
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(date)) parts[type] = Number(value);
  const part = (name: string) => parts[name] ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    ms: ((date.getTime() % 1000) + 1000) % 1000,
  };
}

function asIfUtc(wall: Wall): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.ms);
}

/** How far the wall is ahead of UTC at that moment. */
export function offsetMs(date: Date, zone?: string): number {
  if (zone === undefined) return 0 - date.getTimezoneOffset() * 60_000;
  return asIfUtc(wallOf(date, zone)) - date.getTime();
}

/** `UTC`, `UTC+1`, `UTC-3:30`: the offset in words, which a zone's name does not tell. */
export function offsetName(date: Date, zone?: string): string {
  const minutes = Math.round(offsetMs(date, zone) / 60_000);
  if (minutes === 0) return "UTC";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "-" : "+"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** The moment when a wall shows this. An hour that comes twice is the first one; one that is left out is the hour after. */
export function momentOf(wall: Wall, zone?: string): Date {
  const naive = asIfUtc(wall);
  const before = offsetMs(new Date(naive - 86_400_000), zone);
  const after = offsetMs(new Date(naive + 86_400_000), zone);
  for (const offset of [before, after]) {
    const moment = new Date(naive - offset);
    if (offsetMs(moment, zone) === offset) return moment;
  }
  return new Date(naive - before);
}

const FIELD = /^(\d{4,6})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/** Reads what an `<input type="datetime-local">` holds. */
export function fromField(text: string, zone?: string): Date | undefined {
  const found = FIELD.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Number((found[7] ?? "0").padEnd(3, "0"));
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay || hour > 23 || minute > 59 || second > 59)
    return undefined;
  return momentOf({ year, month, day, hour, minute, second, ms }, zone);
}

/** What an `<input type="datetime-local">` wants, to the minute. */
export function toField(date: Date, zone?: string): string {
  const { year, month, day, hour, minute } = wallOf(date, zone);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}
