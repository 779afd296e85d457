import { describe, expect, test } from "vitest";
import {
  formatTime,
  formatUtc,
  NONE,
  parseTime,
  presetMs,
  rangeName,
  rangeToText,
  relative,
  resolveRange,
  textToRange,
} from "./time";

const BERLIN = "Europe/Berlin";
const MALFORMED = [
  "",
  "now",
  "yesterday",
  "2026-11-21 nonsense",
  "2026-13-01T00:00:00Z",
  "21/11/2026",
  "T",
  "1",
  "null",
];

describe("reading a time", () => {
  test.each([
    ["2026-11-21T02:59:32Z", "2026-11-21T02:59:32.000Z"],
    ["2026-11-21T02:59:32.9Z", "2026-11-21T02:59:32.900Z"],
    ["2026-11-21T02:59:32.986123456Z", "2026-11-21T02:59:32.986Z"],
    ["2026-11-21t02:59:32z", "2026-11-21T02:59:32.000Z"],
    ["2026-11-21 02:59:32Z", "2026-11-21T02:59:32.000Z"],
    ["2026-11-21T02:59:32+05:30", "2026-11-20T21:29:32.000Z"],
    ["2026-11-21T02:59:32-08:00", "2026-11-21T10:59:32.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["2026-11-21", "2026-11-21T00:00:00.000Z"],
    [" 2026-11-21T02:59:32Z ", "2026-11-21T02:59:32.000Z"],
  ])("%s", (text, iso) => {
    expect(parseTime(text).toISOString()).toBe(iso);
  });

  test("of milliseconds and dates is what they are", () => {
    expect(parseTime(0).toISOString()).toBe("1970-01-01T00:00:00.000Z");
    expect(parseTime(new Date(5)).getTime()).toBe(5);
  });

  test.each([...MALFORMED, "2026-11-21T02:59:32"])("%j is none", (text) => {
    expect(parseTime(text).getTime()).toBeNaN();
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15])("%d is none", (ms) => {
    expect(parseTime(ms).getTime()).toBeNaN();
  });
});

describe("showing a time", () => {
  const moment = "2026-09-05T23:04:09.007Z";

  test.each([
    ["time", "23:04:09"],
    ["time-ms", "23:04:09.007"],
    ["datetime", "5 Sep 2026, 23:04:09"],
    ["date", "5 Sep 2026"],
  ] as const)("as %s", (style, text) => {
    expect(formatTime(moment, style, "UTC")).toBe(text);
  });

  test("in another zone it may be another day", () => {
    expect(formatTime(moment, "datetime", BERLIN)).toBe("6 Sep 2026, 01:04:09");
    expect(formatTime(moment, "date", "America/New_York")).toBe("5 Sep 2026");
  });

  test("midnight is 00:00", () => {
    expect(formatTime("2026-01-01T00:00:00Z", "time", "UTC")).toBe("00:00:00");
  });

  test("before and after the clocks are changed", () => {
    expect(formatTime("2026-03-29T00:59:59Z", "time", BERLIN)).toBe("01:59:59");
    expect(formatTime("2026-03-29T01:00:00Z", "time", BERLIN)).toBe("03:00:00");
    expect(formatTime("2026-10-25T00:30:00Z", "time", BERLIN)).toBe("02:30:00");
    expect(formatTime("2026-10-25T01:30:00Z", "time", BERLIN)).toBe("02:30:00");
    expect(formatUtc("2026-10-25T00:30:00Z")).not.toBe(formatUtc("2026-10-25T01:30:00Z"));
  });

  test.each([
    ["2026-11-21T02:59:32Z", "2026-11-21 02:59:32 UTC"],
    ["2026-11-21T02:59:32.986Z", "2026-11-21 02:59:32.986 UTC"],
    ["2026-11-21T02:59:32.986123456Z", "2026-11-21 02:59:32.986123456 UTC"],
    ["2026-11-21T02:59:32.900000Z", "2026-11-21 02:59:32.9 UTC"],
    ["2026-11-21T02:59:32.000000Z", "2026-11-21 02:59:32 UTC"],
    ["2026-11-21T02:59:32.123456+05:30", "2026-11-20 21:29:32.123456 UTC"],
    ["0999-01-01T00:00:00Z", "0999-01-01 00:00:00 UTC"],
  ])("the exact UTC of %s is %s", (text, utc) => {
    expect(formatUtc(text)).toBe(utc);
  });

  test("the exact UTC of milliseconds", () => {
    expect(formatUtc(1_700_000_000_123)).toBe("2023-11-14 22:13:20.123 UTC");
    expect(formatUtc(new Date(0))).toBe("1970-01-01 00:00:00 UTC");
  });

  test.each(MALFORMED)("of what is none is a dash: %j", (text) => {
    expect(formatTime(text, "datetime")).toBe(NONE);
    expect(formatUtc(text)).toBe(NONE);
    expect(relative(text, 0)).toBe(NONE);
    expect(relative(0, text)).toBe(NONE);
  });
});

describe("how long ago", () => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;

  test.each([
    [0, "just now"],
    [5 * SECOND - 1, "just now"],
    [5 * SECOND, "5 s ago"],
    [MINUTE - 1, "59 s ago"],
    [MINUTE, "1 min ago"],
    [HOUR - 1, "59 min ago"],
    [HOUR, "1 h ago"],
    [DAY - 1, "23 h ago"],
    [DAY, "1 day ago"],
    [2 * DAY, "2 days ago"],
    [30 * DAY - 1, "29 days ago"],
    [30 * DAY, "1 month ago"],
    [364 * DAY, "12 months ago"],
    [365 * DAY, "1 year ago"],
    [800 * DAY, "2 years ago"],
    [-4 * SECOND, "just now"],
    [-5 * MINUTE, "in 5 min"],
    [-2 * DAY, "in 2 days"],
  ])("%d ms: %s", (ago, words) => {
    const now = Date.UTC(2026, 10, 21);
    expect(relative(now - ago, now)).toBe(words);
  });
});

describe("ranges", () => {
  const now = new Date("2026-11-21T12:00:00Z");

  test.each([
    ["15m", "2026-11-21T11:45:00.000Z"],
    ["1h", "2026-11-21T11:00:00.000Z"],
    ["24h", "2026-11-20T12:00:00.000Z"],
    ["7d", "2026-11-14T12:00:00.000Z"],
    ["all", "1970-01-01T00:00:00.000Z"],
    ["", "2026-11-21T11:00:00.000Z"],
    ["0h", "2026-11-21T11:00:00.000Z"],
    ["7y", "2026-11-21T11:00:00.000Z"],
    ["-1h", "2026-11-21T11:00:00.000Z"],
    ["99999h", "2026-11-21T11:00:00.000Z"],
  ])("%j begins at %s", (preset, from) => {
    const range = resolveRange({ preset }, now);
    expect(range.from.toISOString()).toBe(from);
    expect(range.to).toEqual(now);
  });

  test("a day is 24 hours, also when clocks are changed", () => {
    expect(presetMs("1d")).toBe(86_400_000);
  });

  test("of two moments are those, in their order", () => {
    const range = { from: "2026-11-20T00:00:00Z", to: "2026-11-19T00:00:00Z" };
    const { from, to } = resolveRange(range, now);
    expect(from.toISOString()).toBe("2026-11-19T00:00:00.000Z");
    expect(to.toISOString()).toBe("2026-11-20T00:00:00.000Z");
  });

  test.each(MALFORMED)("with the end %j is the default", (to) => {
    expect(resolveRange({ from: "2026-11-20T00:00:00Z", to }, now)).toEqual(
      resolveRange({ preset: "1h" }, now),
    );
  });

  test.each([
    { preset: "6h" },
    { preset: "all" },
    { from: "2026-11-20T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z" },
  ])("%o is the same after an address", (range) => {
    expect(textToRange(rangeToText(range))).toEqual(range);
  });

  test.each([
    "",
    "x",
    "..",
    "2026-11-20T00:00:00Z",
    "2026-11-20T00:00:00Z..",
    "..2026-11-20T00:00:00Z",
    "2026-11-21T00:00:00Z..2026-11-20T00:00:00Z",
    "2026-11-20T00:00:00Z..2026-11-20T00:00:00Z",
    "2026-11-20T00:00:00Z..2026-11-21T00:00:00Z..2026-11-22T00:00:00Z",
    "<script>",
  ])("%j in an address is the fallback", (text) => {
    expect(textToRange(text, { preset: "7d" })).toEqual({ preset: "7d" });
  });

  test.each([
    [{ preset: "1h" }, "Last hour"],
    [{ preset: "6h" }, "Last 6 hours"],
    [{ preset: "1d" }, "Last day"],
    [{ preset: "30d" }, "Last 30 days"],
    [{ preset: "15m" }, "Last 15 minutes"],
    [{ preset: "all" }, "All time"],
    [{ from: "2026-11-21T02:00:00Z", to: "2026-11-21T03:30:00Z" }, "21 Nov 2026, 02:00 – 03:30"],
    [{ from: "2026-11-21T02:00:05Z", to: "2026-11-21T03:30:00Z" }, "21 Nov 2026, 02:00:05 – 03:30"],
    [{ from: "2026-11-20T02:00:00Z", to: "2026-11-21T03:00:00Z" }, "20 Nov 2026, 02:00 – 21 Nov 2026, 03:00"],
  ])("%o is called %s", (range, name) => {
    expect(rangeName(range, "UTC")).toBe(name);
  });
});
