import { describe, expect, test } from "vitest";
import { fromField, momentOf, offsetMs, offsetName, toField, wallOf } from "./wall-clock";

const HOUR_MS = 3_600_000;
const BERLIN = "Europe/Berlin";

describe("a wall", () => {
  test("shows what the clocks of its zone show", () => {
    const moment = new Date("2026-01-31T23:30:15.250Z");
    expect(wallOf(moment, "UTC")).toEqual({
      year: 2026,
      month: 1,
      day: 31,
      hour: 23,
      minute: 30,
      second: 15,
      ms: 250,
    });
    expect(wallOf(moment, BERLIN)).toMatchObject({ month: 2, day: 1, hour: 0, minute: 30 });
    expect(wallOf(moment, "America/New_York")).toMatchObject({ month: 1, day: 31, hour: 18 });
    expect(wallOf(moment, "Asia/Kathmandu")).toMatchObject({ day: 1, hour: 5, minute: 15 });
  });

  test("begins the day at 0 and not at 24", () => {
    expect(wallOf(new Date("2026-06-01T00:00:00Z"), "UTC").hour).toBe(0);
  });

  test("without a zone is the viewer's", () => {
    const moment = new Date("2026-07-01T12:34:56.789Z");
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(wallOf(moment)).toEqual(wallOf(moment, own));
    expect(offsetMs(moment)).toBe(offsetMs(moment, own));
  });

  test("keeps milliseconds before 1970", () => {
    expect(wallOf(new Date(-1), "UTC")).toMatchObject({ year: 1969, second: 59, ms: 999 });
  });
});

test.each([
  ["2026-01-01T00:00:00Z", "UTC", 0, "UTC"],
  ["2026-01-01T00:00:00Z", BERLIN, HOUR_MS, "UTC+1"],
  ["2026-07-01T00:00:00Z", BERLIN, 2 * HOUR_MS, "UTC+2"],
  ["2026-01-01T00:00:00Z", "America/St_Johns", -3.5 * HOUR_MS, "UTC-3:30"],
  ["2026-01-01T00:00:00Z", "Asia/Kathmandu", 5.75 * HOUR_MS, "UTC+5:45"],
])("at %s the offset of %s is %d ms, %s", (at, zone, ms, name) => {
  expect(offsetMs(new Date(at), zone)).toBe(ms);
  expect(offsetName(new Date(at), zone)).toBe(name);
});

describe("the hours in which clocks are changed", () => {
  test("one that is left out is the hour after", () => {
    expect(fromField("2026-03-29T02:30", BERLIN)?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
    expect(fromField("2026-03-29T01:59", BERLIN)?.toISOString()).toBe("2026-03-29T00:59:00.000Z");
    expect(fromField("2026-03-29T03:00", BERLIN)?.toISOString()).toBe("2026-03-29T01:00:00.000Z");
  });

  test("one that comes twice is the first", () => {
    expect(fromField("2026-10-25T02:30", BERLIN)?.toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(fromField("2026-11-01T01:30", "America/New_York")?.toISOString()).toBe("2026-11-01T05:30:00.000Z");
    expect(wallOf(new Date("2026-10-25T00:30:00Z"), BERLIN)).toEqual(
      wallOf(new Date("2026-10-25T01:30:00Z"), BERLIN),
    );
  });

  test("half an hour is enough", () => {
    expect(fromField("2026-10-04T02:15", "Australia/Lord_Howe")?.toISOString()).toBe(
      "2026-10-03T15:45:00.000Z",
    );
  });
});

test.each([BERLIN, "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])(
  "in %s a wall leads back to its moment, whatever the hour of the year",
  (zone) => {
    for (let hour = 0; hour < 366 * 24; hour += 11) {
      const moment = new Date(Date.UTC(2026, 0, 1, hour));
      const back = momentOf(wallOf(moment, zone), zone);
      // The hour that comes twice leads back to its first time.
      expect([0, HOUR_MS]).toContain(moment.getTime() - back.getTime());
      expect(wallOf(back, zone)).toEqual(wallOf(moment, zone));
    }
  },
);

describe("a field of a form", () => {
  test.each([
    ["2026-11-21T02:59", "2026-11-21T02:59:00.000Z"],
    ["2026-11-21T02:59:31", "2026-11-21T02:59:31.000Z"],
    ["2026-11-21T02:59:31.5", "2026-11-21T02:59:31.500Z"],
    ["2024-02-29T00:00", "2024-02-29T00:00:00.000Z"],
  ])("%s is %s", (text, iso) => {
    expect(fromField(text, "UTC")?.toISOString()).toBe(iso);
  });

  test.each([
    "",
    "2026",
    "2026-11-21",
    "2026-13-01T00:00",
    "2026-00-01T00:00",
    "2026-02-29T00:00",
    "2026-01-32T00:00",
    "2026-01-00T00:00",
    "2026-01-01T24:00",
    "2026-01-01T00:60",
    "2026-01-01T00:00:60",
    "2026-11-21T02:59Z",
    "21.11.2026 02:59",
    "-2026-01-01T00:00",
  ])("%j is none", (text) => {
    expect(fromField(text, "UTC")).toBeUndefined();
  });

  test("is written to the minute", () => {
    expect(toField(new Date("2026-01-02T03:04:59.999Z"), "UTC")).toBe("2026-01-02T03:04");
    expect(toField(new Date("2026-01-31T23:30:00Z"), BERLIN)).toBe("2026-02-01T00:30");
  });
});
