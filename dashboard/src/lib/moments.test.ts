import { expect, it } from "vitest";
import { momentOf } from "./moments";

it("has the digits that a date has not", () => {
  const ms = Date.UTC(2026, 0, 31, 12, 0, 0, 123);
  expect(momentOf("2026-01-31T12:00:00.123Z")).toBe(ms);
  expect(momentOf("2026-01-31T12:00:00.1234Z")).toBeCloseTo(ms + 0.4, 3);
  expect(momentOf("2026-01-31T12:00:00.123456789Z")).toBeCloseTo(ms + 0.456789, 3);
  expect(momentOf("2026-01-31T13:00:00.123+01:00")).toBe(ms);
  expect(momentOf("yesterday")).toBeUndefined();
});

it("orders times that a date takes for the same", () => {
  const times = ["2026-01-31T12:00:00.000002Z", "2026-01-31T12:00:00.00001Z", "2026-01-31T12:00:00.000001Z"];
  const sorted = [...times].sort((one, other) => (momentOf(one) ?? 0) - (momentOf(other) ?? 0));
  expect(sorted).toEqual([times[2], times[0], times[1]]);
});
