import { describe, expect, it } from "vitest";
import { countConditions, filtersOf, queryOf, questionOf, rangeOf, type Url } from "./filters";
import { EVENTS_TOPIC } from "./live-list";

const NOW = new Date("2026-01-31T12:00:00Z");
const url = (given: Partial<Url> = {}): Url => ({ topic: EVENTS_TOPIC, q: "", ...given });
const AI = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b";

describe("the question", () => {
  it("of an empty address is for all events, from now on", () => {
    expect(questionOf(url(), NOW)).toEqual({ topic: EVENTS_TOPIC, filter: {}, isLive: true, begin: "now" });
  });

  it("has every filter", () => {
    const given = url({ type: "ai.error", ai: AI, session: "s", request: "r", q: "x", range: "1h" });
    expect(questionOf(given, NOW).filter).toEqual({
      event_type: "ai.error",
      ai_id: AI,
      session_id: "s",
      request_id: "r",
      q: "x",
      from: "2026-01-31T11:00:00.000Z",
    });
  });

  it("leaves out what no gateway takes", () => {
    const given = url({
      type: "ai.thought",
      ai: "x",
      q: "  ",
      range: "soon",
      from: "yesterday",
      to: "today",
      session: "é".repeat(3_000),
    });
    expect(questionOf(given, NOW).filter).toEqual({});
    expect(questionOf(url({ q: "é".repeat(513) }), NOW).filter).toEqual({});
    expect(questionOf(url({ topic: "a b" }), NOW).topic).toBe(EVENTS_TOPIC);
  });

  it("of a time that is over is not live; of one that ends later, it is", () => {
    const from = "2026-01-31T10:00:00Z";
    expect(questionOf(url({ from, to: "2026-01-31T11:00:00Z" }), NOW)).toMatchObject({
      isLive: false,
      filter: { from: "2026-01-31T10:00:00.000Z", to: "2026-01-31T11:00:00.000Z" },
    });
    expect(questionOf(url({ from, to: "2026-01-31T13:00:00Z" }), NOW).isLive).toBe(true);
  });

  it("of messages has their text and where they begin", () => {
    const given = url({ topic: "orders", type: "ai.error", q: "paid" });
    expect(questionOf(given, NOW)).toEqual({
      topic: "orders",
      filter: { q: "paid" },
      isLive: true,
      begin: { since: "2026-01-31T11:00:00.000Z" },
    });
    expect(questionOf({ ...given, range: "all" }, NOW).begin).toBe("earliest");
  });
});

it("the range is what the address names, else all of the events and an hour of messages", () => {
  expect(rangeOf(url())).toEqual({ preset: "all" });
  expect(rangeOf(url({ topic: "orders" }))).toEqual({ preset: "1h" });
  expect(rangeOf(url({ range: "24h" }))).toEqual({ preset: "24h" });
  expect(rangeOf(url({ range: "24h", from: "2026-01-31T00:00:00Z", to: "2026-01-30T00:00:00Z" }))).toEqual({
    preset: "24h",
  });
});

it("conditions are counted as they apply", () => {
  expect(countConditions(url({ q: " ", type: "ai.error", session: "s" }))).toBe(2);
  expect(countConditions(url({ topic: "orders", q: "x", type: "ai.error" }))).toBe(1);
});

describe("a saved view", () => {
  it("comes back as it was saved", () => {
    const given = url({ type: "ai.error", session: "a&b=c", q: "Zoë", range: "7d", event: "open" });
    const query = queryOf(given);
    expect(query).not.toContain("open");
    expect({ ...url(), ...filtersOf(query) }).toEqual({ ...given, event: undefined });
  });

  it("takes away the filters that it does not name", () => {
    expect(filtersOf("")).toEqual({
      topic: EVENTS_TOPIC,
      q: "",
      type: undefined,
      ai: undefined,
      session: undefined,
      request: undefined,
      range: undefined,
      from: undefined,
      to: undefined,
    });
  });
});
