import { expect, it } from "vitest";
import { waitMs } from "./backoff";
import { Rate } from "./rate";

it("is how many came a second, over the last three", () => {
  const rate = new Rate();
  for (let at = 0; at < 6_000; at += 100) rate.add(50, at);
  expect(rate.perSecond(6_000)).toBeCloseTo(500, 0);
  expect(rate.perSecond(20_000)).toBe(0);
});

it("is not more than came, in the first second", () => {
  const rate = new Rate();
  rate.add(30, 1_000);
  expect(rate.perSecond(1_010)).toBe(30);
});

it("is nothing before anything came", () => expect(new Rate().perSecond(1_000)).toBe(0));

it("waits longer each time, up to half a minute, by chance", () => {
  const bounds = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => waitMs(attempt, () => 1));
  expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(waitMs(3, () => 0)).toBe(0);
  expect(waitMs(3, () => 0.5)).toBe(2_000);
});
