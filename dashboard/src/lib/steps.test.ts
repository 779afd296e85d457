import { describe, expect, it } from "vitest";
import { changePercent, greatest, halves, lastKnown, ratesOf, shareRefused, timesOf } from "./steps";

const AT = "2026-01-31T12:00:00Z";
const AT_S = Date.parse(AT) / 1000;

describe("rates", () => {
  const times = [AT_S, AT_S + 60, AT_S + 120];

  it("are counts by the seconds of their step, and of the last by those that have passed", () => {
    expect(ratesOf([60, 120, 30], times, 60, AT_S + 130)).toEqual([1, 2, 3]);
  });

  it("of a step that has hardly begun are not known", () => {
    expect(ratesOf([60, 120, 30], times, 60, AT_S + 122)).toEqual([1, 2, null]);
  });

  it("never take more seconds than a step has, whatever the viewer's clock says", () => {
    expect(ratesOf([60, 120, 30], times, 60, AT_S + 9_000)).toEqual([1, 2, 0.5]);
    expect(ratesOf([60, 120, 30], times, 60, AT_S - 9_000)).toEqual([1, 2, null]);
  });

  it("of no steps are none", () => {
    expect(ratesOf([], [], 60, AT_S)).toEqual([]);
    expect(timesOf([])).toEqual([]);
  });
});

it("times are Unix seconds", () => {
  expect(timesOf([{ at: AT }, { at: "2026-01-31T12:01:00Z" }])).toEqual([AT_S, AT_S + 60]);
});

describe("the share that was refused", () => {
  it.each([
    [0, 0, null],
    [10, 0, 0],
    [0, 10, 1],
    [3, 1, 0.25],
  ])("of %i taken and %i refused is %s", (taken, refused, share) => {
    expect(shareRefused(taken, refused)).toBe(share);
  });
});

describe("a change", () => {
  it.each([
    [100, 104, 4],
    [100, 50, -50],
    [100, 100, 0],
    [100, 0, -100],
  ])("from %i to %i is %i percent", (earlier, later, percent) => {
    expect(changePercent(earlier, later)).toBeCloseTo(percent);
  });

  it.each([
    [0, 5],
    [null, 5],
    [5, null],
  ])("from %s to %s is none", (earlier, later) => {
    expect(changePercent(earlier, later)).toBeUndefined();
  });
});

describe("halves", () => {
  it("leave out the step that is not over, and the first of an odd number", () => {
    expect(halves([1, 2, 3, 4, 5])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(halves([1, 2, 3, 4, 5, 6])).toEqual([
      [2, 3],
      [4, 5],
    ]);
  });

  it("of nothing are nothing", () => {
    expect(halves([])).toEqual([[], []]);
    expect(halves([1])).toEqual([[], []]);
  });
});

it("what is not known is neither the newest nor the greatest", () => {
  expect(lastKnown([1, 2, null])).toBe(2);
  expect(lastKnown([null])).toBeUndefined();
  expect(greatest([null, 1, 3, null, 2])).toBe(3);
  expect(greatest([0])).toBe(0);
  expect(greatest([null])).toBeUndefined();
});
