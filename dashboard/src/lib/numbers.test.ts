import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatExact,
  formatPercent,
  formatRate,
} from "./numbers";

const all = [formatBytes, formatCompact, formatCount, formatDuration, formatExact, formatPercent, formatRate];

describe.each(all.map((format) => [format.name, format] as const))("%s", (_, format) => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("of %d is a dash", (n) => {
    expect(format(n)).toBe("–");
  });

  test("of nothing has no sign", () => {
    expect(format(-0)).toBe(format(0));
    expect(format(0)).not.toContain("-");
  });
});

test.each([
  [0, "0"],
  [7, "7"],
  [999, "999"],
  [12_345, "12,345"],
  [999_999, "999,999"],
  [1_000_000, "1M"],
  [1_234_567, "1.2M"],
  [12_345_678, "12.3M"],
  [999_499_999, "999M"],
  [999_950_000, "1B"],
  [1.5e12, "1.5T"],
  [2e15, "2,000T"],
  [0.034, "0.03"],
  [3.456, "3.46"],
  [34.56, "34.6"],
  [345.6, "346"],
  [-12_345, "-12,345"],
  [-1_234_567, "-1.2M"],
])("the count %d is %s", (n, text) => {
  expect(formatCount(n)).toBe(text);
});

test.each([
  [0, "0"],
  [999, "999"],
  [999.6, "1K"],
  [1000, "1K"],
  [1500, "1.5K"],
  [4021, "4K"],
  [12_345, "12.3K"],
  [99_960, "100K"],
  [123_456, "123K"],
  [999_499, "999K"],
  [999_500, "1M"],
  [0.5, "0.5"],
  [-1500, "-1.5K"],
])("where there is little room %d is %s", (n, text) => {
  expect(formatCompact(n)).toBe(text);
});

test.each([
  [1_234_567, "1,234,567"],
  [0.1, "0.1"],
  [9_007_199_254_740_991, "9,007,199,254,740,991"],
])("all of %d is %s", (n, text) => {
  expect(formatExact(n)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1, "1 B"],
  [640, "640 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [1234, "1.2 kB"],
  [262_144, "262 kB"],
  [999_499, "999 kB"],
  [999_999, "1 MB"],
  [1_200_000, "1.2 MB"],
  [5.5e9, "5.5 GB"],
  [1e18, "1,000 PB"],
])("%d bytes are %s", (n, text) => {
  expect(formatBytes(n)).toBe(text);
});

test.each([
  [0, "0 ms"],
  [0.0001, "<1 µs"],
  [0.001, "1 µs"],
  [0.34, "340 µs"],
  [0.9994, "999 µs"],
  [0.9996, "1 ms"],
  [3.44, "3.4 ms"],
  [21.4, "21.4 ms"],
  [99.96, "100 ms"],
  [340, "340 ms"],
  [999.4, "999 ms"],
  [999.6, "1 s"],
  [1234, "1.2 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min"],
  [60_000, "1 min"],
  [125_000, "2 min 5 s"],
  [3_599_600, "1 h"],
  [3_600_000, "1 h"],
  [11_040_000, "3 h 4 min"],
  [86_400_000, "1 d"],
  [183_600_000, "2 d 3 h"],
  [8.64e12, "100,000 d"],
  [-1500, "-1.5 s"],
])("%d ms are %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, "0/s"],
  [0.001, "<0.01/s"],
  [0.3, "0.3/s"],
  [4021, "4,021/s"],
  [1_500_000, "1.5M/s"],
])("%d a second is %s", (n, text) => {
  expect(formatRate(n)).toBe(text);
});

test.each([
  [0, "0%"],
  [0.00001, "<0.01%"],
  [0.0001, "0.01%"],
  [0.5, "50%"],
  [0.9958, "99.58%"],
  [0.9999, "99.99%"],
  [0.99999, ">99.99%"],
  [1, "100%"],
  [1.5, "150%"],
  [12.345, "1,235%"],
  [-0.25, "-25%"],
])("the share %d is %s", (share, text) => {
  expect(formatPercent(share)).toBe(text);
});
