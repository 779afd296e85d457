import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api";
import { choiceOf, daysOf, effectOf } from "./retention";

const NOW = new Date("2026-11-21T12:00:00Z");

const saved = (of: Partial<Schemas["Retention"]> = {}): Schemas["Retention"] => ({
  events_days: null,
  installation_days: 400,
  events_days_max: 3650,
  effective_days: 400,
  oldest_kept: "2025-10-17T12:00:00Z",
  held: { everything: false, ai_systems: 0 },
  ...of,
});

describe("the days that are chosen", () => {
  it("are what is saved at first", () => {
    expect(choiceOf(saved())).toEqual({ kind: "installation" });
    expect(choiceOf(saved({ events_days: 90 }))).toEqual({ kind: "own", text: "90" });
  });

  it("are read as whole numbers within the bounds", () => {
    const read = (text: string) => daysOf({ kind: "own", text }, saved());
    expect(daysOf({ kind: "installation" }, saved())).toEqual({ days: null });
    expect([read("1"), read(" 90 "), read("3650")]).toEqual([{ days: 1 }, { days: 90 }, { days: 3650 }]);
    for (const wrong of ["", " ", "0", "-1", "1.5", "1e3", "3651", "ninety", "٩٠"])
      expect(read(wrong)).toHaveProperty("error");
  });
});

describe("what a change does", () => {
  it("is told against what holds now", () => {
    expect(effectOf(90, saved(), NOW)).toMatchObject({ days: 90, compared: "shorter", isChange: true });
    expect(effectOf(500, saved(), NOW)).toMatchObject({ days: 500, compared: "longer", isChange: true });
    expect(effectOf(null, saved(), NOW)).toMatchObject({ days: 400, compared: "same", isChange: false });
    const own = saved({ events_days: 90, effective_days: 90 });
    expect(effectOf(null, own, NOW)).toMatchObject({ days: 400, compared: "longer", isChange: true });
    expect(effectOf(90, own, NOW)).toMatchObject({ compared: "same", isChange: false });
  });

  it("to a number that holds anyway is one, and drops nothing", () => {
    expect(effectOf(400, saved(), NOW)).toMatchObject({ compared: "same", isChange: true });
  });

  it("drops what is older than so many days", () => {
    expect(effectOf(90, saved(), NOW).cutoff.toISOString()).toBe("2026-08-23T12:00:00.000Z");
  });
});
