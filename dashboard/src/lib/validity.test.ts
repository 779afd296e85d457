import { expect, test } from "vitest";
import { afterDays, spanText, validity } from "./validity";

const NOW = new Date("2026-11-22T12:00:00Z");

function of(until: string | null | undefined) {
  const found = validity(until, NOW);
  return found.kind === "soon" ? `soon: ${found.left}` : found.kind;
}

test("what has no end, or none that can be read, is good for good", () => {
  expect(of(null)).toBe("forever");
  expect(of(undefined)).toBe("forever");
  expect(of("")).toBe("forever");
  expect(of("some day")).toBe("forever");
});

test("the end itself is over: the gateway refuses from that moment on", () => {
  expect(of("2026-11-22T12:00:00Z")).toBe("over");
  expect(of("2026-11-22T11:59:59.999Z")).toBe("over");
  expect(of("2026-11-22T12:00:00.001Z")).toBe("soon: less than a minute");
});

test("the last two weeks are soon, to the millisecond", () => {
  expect(of("2026-12-06T12:00:00Z")).toBe("soon: 14 days");
  expect(of("2026-12-06T12:00:00.001Z")).toBe("later");
});

test("a time with an offset is the moment that it names", () => {
  expect(of("2026-11-25T14:00:00+02:00")).toBe("soon: 3 days");
});

test.each([
  [0, "less than a minute"],
  [59_999, "less than a minute"],
  [60_000, "1 minute"],
  [59 * 60_000, "59 minutes"],
  [60 * 60_000, "1 hour"],
  [24 * 60 * 60_000 - 1, "23 hours"],
  [24 * 60 * 60_000, "1 day"],
  [3 * 24 * 60 * 60_000 - 1, "2 days"],
])("%i ms are %s: never more than is left", (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test("days are counted as 24 hours each", () => {
  expect(afterDays(NOW, 90).toISOString()).toBe("2027-02-20T12:00:00.000Z");
});
