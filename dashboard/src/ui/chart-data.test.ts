import { describe, expect, test } from "vitest";
import {
  axisTime,
  type ChartSeries,
  csvRows,
  drawn,
  isEmpty,
  isolated,
  lastKnown,
  pointTime,
  stepOf,
  stepRange,
  tableRows,
  valueRange,
} from "./chart-data";

const series = (name: string, values: ChartSeries["values"]): ChartSeries => ({ name, values, tone: 1 });
const HOUR = 3600;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 21) / 1000;

describe("a step", () => {
  test.each([
    [[], 60],
    [[100], 60],
    [[0, 10, 20], 10],
    [[0, 60, 180, 240], 60],
    [[0, 0, 30], 30],
  ])("of %j is %d s", (times, step) => {
    expect(stepOf(times)).toBe(step);
  });

  test("is the time that a point stands for", () => {
    expect(stepRange([0, 60, 180], 1)).toEqual([60_000, 120_000]);
    expect(stepRange([0, 60, 180], 2)).toEqual([180_000, 240_000]);
    expect(stepRange([0, 60], 2)).toBeUndefined();
    expect(stepRange([0, 60], -1)).toBeUndefined();
  });
});

describe("nothing", () => {
  test.each<[number[], ChartSeries[], boolean]>([
    [[], [series("a", [])], true],
    [[1, 2], [], true],
    [[1, 2], [series("a", [null, null])], true],
    [[1, 2], [series("a", [Number.NaN, null])], true],
    [[1, 2], [series("a", [null, 0])], false],
    [[1, 2], [series("a", [null, null]), series("b", [1, null])], false],
  ])("%j %j: %j", (times, given, expected) => {
    expect(isEmpty(times, given)).toBe(expected);
  });

  test("known at the end is passed over", () => {
    expect(lastKnown([1, 2, 3], [series("a", [1, 2, null]), series("b", [null, null, null])])).toBe(1);
    expect(lastKnown([1, 2, 3], [series("a", [null, null, null])])).toBe(2);
  });
});

describe("what is drawn", () => {
  const times = [0, 1, 2, 3];

  test("has gaps where there is no number, and as many points as times", () => {
    const given = [series("a", [1, null, Number.NaN, 4]), series("b", [1]), series("c", [1, 2, 3, 4, 5])];
    expect(drawn(times, given, false)).toEqual([
      [1, null, null, 4],
      [1, null, null, null],
      [1, 2, 3, 4],
    ]);
  });

  test("when stacked, stands on what is below", () => {
    const given = [
      series("a", [1, 2, null, null]),
      series("b", [10, null, 30, null]),
      series("c", [100, 200, 300, null]),
    ];
    expect(drawn(times, given, true)).toEqual([
      [1, 2, 0, null],
      [11, 2, 30, null],
      [111, 202, 330, null],
    ]);
  });

  test("has dots where no line goes", () => {
    expect(isolated([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(isolated([1])).toEqual([0]);
    expect(isolated([null, null])).toEqual([]);
    expect(isolated([1, 2, 3])).toEqual([]);
  });
});

test.each<[number | null, number | null, [number, number]]>([
  [null, null, [0, 1]],
  [0, 0, [0, 1]],
  [3, 4500, [0, 5000]],
  [0, 4000, [0, 4000]],
  [10, 58, [0, 60]],
  [0.001, 0.0034, [0, 0.004]],
  [1, 1, [0, 1]],
  [-5, 10, [-5, 10]],
  [-5, -1, [-5, 0]],
])("values from %d to %d have the axis %j", (low, high, [from, to]) => {
  const axis = valueRange(low, high);
  expect(axis[0]).toBeCloseTo(from, 9);
  expect(axis[1]).toBeCloseTo(to, 9);
});

describe("the time of a point", () => {
  const every = (step: number, count: number) =>
    Array.from({ length: count }, (_, index) => START + index * step);

  test.each<[string, number[], string]>([
    ["seconds, where they count", every(10, 6), "00:00:00"],
    ["minutes", every(60, 60), "00:00"],
    ["the day, when there is more than one", every(HOUR, 24), "21 Nov 2026, 00:00"],
    ["nothing but the day", every(DAY, 7), "21 Nov 2026"],
  ])("is told in %s", (_, times, expected) => {
    expect(pointTime(START, times, "UTC")).toBe(expected);
  });

  test.each([
    [START, 300, "21 Nov"],
    [START + 300, 300, "00:05"],
    [START + 10, 10, "00:00:10"],
    [START + DAY, DAY, "22 Nov"],
    [START, 30 * DAY, "Nov 2026"],
  ])("at %d on an axis of %d s is %s", (seconds, apart, expected) => {
    expect(axisTime(seconds, apart, "UTC")).toBe(expected);
  });

  test("on an axis is that of the viewer, also when the clocks are changed", () => {
    const changed = Date.UTC(2026, 2, 29, 1) / 1000;
    expect(axisTime(changed - HOUR, HOUR, "Europe/Berlin")).toBe("01:00");
    expect(axisTime(changed, HOUR, "Europe/Berlin")).toBe("03:00");
  });
});

describe("as a table", () => {
  const times = [START, START + 60];
  const given = [series("Stored", [1200, 1300]), series("=Rejected", [null, 0.5])];

  test("the latest is first, with its units", () => {
    const rows = tableRows(times, given, (value) => `${value}/s`, "no data");
    expect(rows.map((row) => row.slice(1))).toEqual([
      ["1300/s", "0.5/s"],
      ["1200/s", "no data"],
    ]);
  });

  test("in a file it is exact UTC and plain numbers, the oldest first", () => {
    expect(csvRows(times, given, "Time")).toEqual([
      ["Time", "Stored", "=Rejected"],
      ["2026-11-21T00:00:00.000Z", "1200", ""],
      ["2026-11-21T00:01:00.000Z", "1300", "0.5"],
    ]);
  });
});
