import { describe, expect, it } from "vitest";
import { shownSteps, zoomOf, zoomParams } from "./zoom";

const NOON_S = Date.parse("2026-01-31T12:00:00Z") / 1000;
/** Five minutes from noon on. */
const times = [0, 1, 2, 3, 4].map((minute) => NOON_S + minute * 60);

function shown(fromS: number, toS: number) {
  const { begin, end, isZoomed } = shownSteps(times, 60, {
    fromMs: (NOON_S + fromS) * 1000,
    toMs: (NOON_S + toS) * 1000,
  });
  return [begin, end, isZoomed];
}

describe("the steps that are shown", () => {
  it("are all without a zoom", () => {
    expect(shownSteps(times, 60, undefined)).toEqual({ begin: 0, end: 5, isZoomed: false });
  });

  it("are those that lie in the zoom, in part included", () => {
    expect(shown(60, 180)).toEqual([1, 3, true]);
    expect(shown(90, 181)).toEqual([1, 4, true]);
  });

  it("go to the present where the zoom does", () => {
    expect(shown(130, 9_000)).toEqual([2, 5, true]);
  });

  it("are all where the zoom holds everything", () => {
    expect(shown(-100, 9_000)).toEqual([0, 5, false]);
  });

  it.each([
    ["has gone by", -900, -600],
    ["is yet to come", 900, 1_200],
    ["holds one step", 61, 119],
  ])("are all where the zoom %s", (_, from, to) => {
    expect(shown(from, to)).toEqual([0, 5, false]);
  });

  it("of nothing are none", () => {
    expect(shownSteps([], 60, { fromMs: 0, toMs: 1 })).toEqual({ begin: 0, end: 0, isZoomed: false });
  });
});

describe("the zoom of an address", () => {
  it("comes back as it was put there", () => {
    const zoom = { fromMs: 1_769_860_800_000, toMs: 1_769_860_860_000 };
    const { from, to } = zoomParams(zoom);
    expect(from).toBe("2026-01-31T12:00:00.000Z");
    expect(zoomOf(from, to)).toEqual(zoom);
  });

  it.each([
    [undefined, undefined],
    ["2026-01-31T12:00:00Z", undefined],
    ["yesterday", "2026-01-31T12:00:00Z"],
    ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"],
    ["2026-01-31T12:01:00Z", "2026-01-31T12:00:00Z"],
  ])("is none from %s to %s", (from, to) => {
    expect(zoomOf(from, to)).toBeUndefined();
  });
});
