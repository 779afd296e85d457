import { describe, expect, it } from "vitest";
import { readState } from "@/lib/url-state";
import { EVERYTHING, filterOf, isNarrowed, redriveFilterOf, URL_STATE } from "./filter";

const NOW = new Date("2026-11-21T12:00:00Z");
const asked = (search: Record<string, string>) => filterOf(readState(URL_STATE, search), NOW);

describe("the filter of the URL", () => {
  it("is all open letters when it says nothing", () => {
    expect(asked({})).toEqual({ state: "open" });
    expect(isNarrowed(asked({}))).toBe(false);
  });

  it("falls back where it is malformed", () => {
    expect(asked({ state: "shut", range: "9y", reason: "'; drop" })).toEqual({ state: "open" });
    expect(asked({ range: "yesterday..2026-11-21T00:00:00Z" })).toEqual({ state: "open" });
  });

  it("asks for a preset up to an open end", () => {
    expect(asked({ range: "24h" })).toEqual({ state: "open", from: "2026-11-20T12:00:00.000Z" });
    expect(isNarrowed(asked({ range: "24h" }))).toBe(true);
  });

  it("asks for a span as it was picked", () => {
    const search = {
      state: "all",
      reason: "not_a_record",
      range: "2026-11-01T00:00:00Z..2026-11-02T00:00:00Z",
    };
    expect(asked(search)).toEqual({
      reason: "not_a_record",
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-11-02T00:00:00.000Z",
    });
  });

  it("is gone when everything is shown", () => {
    expect(filterOf(EVERYTHING, NOW)).toEqual({});
  });

  it("ends a redrive at this moment, so that what fails again is not taken once more", () => {
    expect(redriveFilterOf({ state: "open" }, NOW)).toEqual({ to: "2026-11-21T12:00:00.000Z" });
    expect(redriveFilterOf({ reason: "refused_by_store", from: "a", to: "b" }, NOW)).toEqual({
      reason: "refused_by_store",
      from: "a",
      to: "b",
    });
  });
});
