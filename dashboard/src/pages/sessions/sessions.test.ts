import { describe, expect, it } from "vitest";
import { findGaps, stateOf } from "./gaps";
import { groupBySession } from "./group";
import { AI, at, BEGUN } from "./testing";
import { dragged, LANES, laneOf, marksOf, spanOf, ticksOf, zoomed } from "./timeline";
import { durationOf, latencyOf, totalsOf } from "./totals";
import { loadAll } from "./use-session-events";

const of = (session: string, more: object = {}) => ({ metadata: { session_id: session }, ...more });

describe("sessions of events", () => {
  it("are grouped, the one with the newest event first", () => {
    const { sessions, apart } = groupBySession([
      at(9, of("b")),
      at(5, of("a", { event_type: "ai.error" })),
      at(3, { metadata: {} }),
      at(1, of("b", { ai_id: "other" })),
    ]);
    expect(apart).toBe(1);
    expect(sessions).toMatchObject([
      { id: "b", events: 2, errors: 0, aiIds: [AI, "other"], first: at(1).timestamp, last: at(9).timestamp },
      { id: "a", events: 1, errors: 1 },
    ]);
  });

  it("count the tokens that are told, and no others", () => {
    const { sessions } = groupBySession([
      at(1, { response: { usage: { input_tokens: 10, output_tokens: 5 } } }),
      at(2, { action: { tokens_used: 7 } }),
      at(3, { response: { usage: { input_tokens: "many", output_tokens: -3 } } }),
    ]);
    expect(sessions[0]?.tokens).toBe(22);
  });

  it("are told apart however they are called", () => {
    const { sessions } = groupBySession([at(1, of("constructor")), at(2, of("__proto__")), at(3, of(" "))]);
    expect(sessions.map(({ id }) => id)).toEqual([" ", "__proto__", "constructor"]);
  });
});

describe("missing events", () => {
  it("are the numbers between those that are there, of each system alone", () => {
    const gaps = findGaps([
      at(1, { sequence: 4 }),
      at(2, { sequence: 5 }),
      at(3, { sequence: 9 }),
      at(4, { sequence: 100, ai_id: "other" }),
      at(5, { sequence: 102, ai_id: "other" }),
      at(6),
    ]);
    expect(gaps).toMatchObject([
      { aiId: AI, from: 6, to: 8, after: { id: at(2).id }, before: { id: at(3).id } },
      { aiId: "other", from: 101, to: 101 },
    ]);
  });

  it("are none where numbers repeat, come in another order, or are no whole numbers", () => {
    expect(findGaps([at(1, { sequence: 2 }), at(2, { sequence: 1 }), at(3, { sequence: 2 })])).toEqual([]);
    expect(findGaps([at(1, { sequence: 1.5 }), at(2, { sequence: 9e99 }), at(3, { sequence: "7" })])).toEqual(
      [],
    );
  });

  it("are called missing only once they are found nowhere else", () => {
    const [gap] = findGaps([at(1, { sequence: 1 }), at(2, { sequence: 5 })]);
    if (gap === undefined) throw new Error("there is a gap");
    expect(stateOf(gap, undefined)).toEqual({ kind: "unchecked" });
    expect(stateOf(gap, { sequences: new Set([1, 2, 3, 4, 5]), isWhole: false })).toEqual({
      kind: "elsewhere",
    });
    expect(stateOf(gap, { sequences: new Set([1, 3, 5]), isWhole: true })).toEqual({
      kind: "missing",
      lost: 2,
    });
    expect(stateOf(gap, { sequences: new Set([1, 3, 5]), isWhole: false })).toEqual({ kind: "unchecked" });
  });

  it("are told at once, however many they are", () => {
    const [gap] = findGaps([at(1, { sequence: 0 }), at(2, { sequence: Number.MAX_SAFE_INTEGER })]);
    if (gap === undefined) throw new Error("there is a gap");
    expect(stateOf(gap, { sequences: new Set(), isWhole: true })).toEqual({
      kind: "missing",
      lost: Number.MAX_SAFE_INTEGER - 1,
    });
  });
});

describe("totals", () => {
  const answer = (model: string | undefined, input: number, output: number, latency_ms = 0) => ({
    event_type: "ai.response",
    response: { output: "", model, usage: { input_tokens: input, output_tokens: output }, latency_ms },
  });

  it("are of time, latency, errors and types", () => {
    const totals = totalsOf([
      at(0),
      at(2, answer("gpt-4o", 1, 1, 1_500)),
      at(3, { event_type: "ai.error", error: { recoverable: false } }),
      at(4, { event_type: "ai.error", error: { recoverable: true } }),
      at(10, { event_type: "ai.action", action: { latency_ms: 500 } }),
    ]);
    expect(totals).toMatchObject({
      events: 5,
      durationMs: 10_000,
      latencyMs: 2_000,
      longestMs: 1_500,
      errors: 2,
      fatal: 1,
    });
    expect(totals.byType[0]).toEqual({ type: "ai.error", count: 2 });
  });

  it("are of tokens, model by model, with what they cost", () => {
    const totals = totalsOf([
      at(1, answer("gpt-4o", 1_000_000, 100_000)),
      at(2, answer("gpt-4o", 1_000_000, 0)),
      at(3, answer("home-made", 50, 5)),
      at(4, answer(undefined, 7, 0)),
    ]);
    expect(totals.models).toMatchObject([
      { model: "gpt-4o", input: 2_000_000, output: 100_000 },
      { model: "home-made", input: 50, output: 5, cost: undefined },
      { model: "version-1", input: 7, output: 0, cost: undefined },
    ]);
    expect(totals.models[0]?.cost).toBeCloseTo(6, 8);
    expect(totals.cost).toBeCloseTo(6, 8);
    expect(totals.unpriced).toEqual(["home-made", "version-1"]);
    expect(totals).toMatchObject({ input: 2_000_057, output: 100_005 });
  });

  it("do not price tokens of which nothing says which way they went", () => {
    const totals = totalsOf([at(1, { action: { model: "gpt-4o", tokens_used: 500 } })]);
    expect(totals).toMatchObject({ other: 500, cost: 0, unpriced: [] });
    expect(totals.models).toMatchObject([{ model: "gpt-4o", other: 500, cost: undefined }]);
  });

  it("of nothing are nothing", () => {
    expect(totalsOf([])).toMatchObject({
      events: 0,
      durationMs: 0,
      latencyMs: 0,
      errors: 0,
      models: [],
      cost: 0,
    });
  });

  it("stay sane whatever is sent", () => {
    const wrong = [
      at(1, { timestamp: "never", response: { latency_ms: "slow", usage: [] } }),
      at(2, { action: { latency_ms: -5, tokens_used: Number.NaN } }),
      at(3, { response: { latency_ms: 1e300 } }),
    ];
    const totals = totalsOf(wrong);
    expect(totals.durationMs).toBe(1_000);
    expect(latencyOf(wrong[1]?.event)).toBeUndefined();
  });

  it("begin when the first work began", () => {
    expect(durationOf([at(10, answer("m", 0, 0, 4_000)), at(12)])).toBe(6_000);
  });
});

describe("the time axis", () => {
  it("has a bar where latency is known, which ends when the event was stamped", () => {
    const records = [at(0), at(10, { event_type: "ai.action", action: { latency_ms: 5_000 } })];
    const window = { from: BEGUN, to: BEGUN + 10_000 };
    expect(marksOf(records, window, 1_000)).toMatchObject([
      { lane: "ai.query", x: 0, isBar: false },
      { lane: "ai.action", x: 500, width: 500, isBar: true },
    ]);
  });

  it("has one mark for points that stand on each other, and says of how many", () => {
    const records = [at(0), at(0.001), at(0.002), at(9)];
    const marks = marksOf(records, { from: BEGUN, to: BEGUN + 10_000 }, 1_000);
    expect(marks.map(({ count }) => count)).toEqual([3, 1]);
  });

  it("shows only what is in its window, also a bar that began before", () => {
    const records = [at(1), at(5, { event_type: "ai.response", response: { latency_ms: 3_000 } }), at(9)];
    const marks = marksOf(records, { from: BEGUN + 4_000, to: BEGUN + 6_000 }, 100);
    expect(marks.map(({ id }) => id)).toEqual([at(5).id]);
  });

  it("makes the shortest bar wide enough to be seen, without moving its end", () => {
    const records = [at(5, { event_type: "ai.action", action: { latency_ms: 0.001 } })];
    const [mark] = marksOf(records, { from: BEGUN, to: BEGUN + 10_000 }, 1_000);
    expect(mark?.width).toBe(3);
    expect((mark?.x ?? 0) + (mark?.width ?? 0)).toBeCloseTo(500, 6);
  });

  it("is as long as the session, whatever a latency claims", () => {
    const span = spanOf([at(0), at(10, { response: { latency_ms: 1e300 } }), at(3, { timestamp: "x" })]);
    expect(span.from).toBeCloseTo(BEGUN - 200, 6);
    expect(span.to).toBeCloseTo(BEGUN + 10_200, 6);
    expect(spanOf([])).toEqual({ from: 0, to: 1 });
    const one = spanOf([at(1)]);
    expect(one.to).toBeGreaterThan(one.from);
  });

  it("has round times, far enough apart to be read", () => {
    for (const seconds of [0.01, 1, 7, 60, 3_600, 86_400, 8_640_000]) {
      const ticks = ticksOf({ from: BEGUN, to: BEGUN + seconds * 1_000 }, BEGUN, 1_000);
      expect(ticks[0]).toEqual({ x: 0, sinceMs: 0 });
      for (const [index, tick] of ticks.entries()) {
        if (index > 0) expect(tick.x - (ticks[index - 1]?.x ?? 0)).toBeGreaterThanOrEqual(95);
      }
      expect(ticks.length).toBeGreaterThan(1);
    }
  });

  it("is zoomed around its middle, and never past its ends", () => {
    const whole = { from: 0, to: 1_000 };
    expect(zoomed(whole, whole, 0.5)).toEqual({ from: 250, to: 750 });
    expect(zoomed({ from: 250, to: 750 }, whole, 4)).toEqual(whole);
    expect(zoomed({ from: 0, to: 1 }, whole, 0.001).to).toBeGreaterThan(0);
  });

  it("is zoomed by a drag in either direction, and not by a click", () => {
    const window = { from: 0, to: 1_000 };
    expect(dragged(100, 300, window, 1_000)).toEqual({ from: 100, to: 300 });
    expect(dragged(300, -50, window, 1_000)).toEqual({ from: 0, to: 300 });
    expect(dragged(100, 103, window, 1_000)).toBeUndefined();
    expect(dragged(0, 100, window, 0)).toBeUndefined();
  });

  it("has a lane for every type", () => {
    expect(LANES.map(laneOf)).toEqual(LANES);
    expect(laneOf("ai.thought")).toBe("other");
  });
});

describe("loading a session", () => {
  const store = (count: number, size = 1) => {
    let asked = 0;
    const read = async ({ limit, cursor }: { limit: number; cursor?: string }) => {
      asked += 1;
      const begin = Number(cursor ?? 0);
      const items = Array.from({ length: Math.min(limit, count - begin) }, (_, index) => ({
        event: { filler: "x".repeat(size) },
        record: { event_id: `event-${begin + index}` },
      }));
      return JSON.stringify({ items, next_cursor: begin + limit < count ? String(begin + limit) : null });
    };
    return { read, asked: () => asked };
  };

  it("reads all of it, and tells how far it is", async () => {
    const told: number[] = [];
    const loaded = await loadAll(store(1_200).read, (count) => told.push(count));
    expect(loaded.records).toHaveLength(1_200);
    expect(loaded.isCut).toBe(false);
    expect(told).toEqual([500, 1_000, 1_200]);
  });

  it("stops at as many as a page can hold, and says so", async () => {
    const loaded = await loadAll(store(9_000).read, () => undefined, { events: 2_000, chars: 1e9 });
    expect(loaded.records).toHaveLength(2_000);
    expect(loaded.isCut).toBe(true);
  });

  it("stops at as much as a page can hold", async () => {
    const { read, asked } = store(5_000, 100);
    const loaded = await loadAll(read, () => undefined, { events: 1e9, chars: 100_000 });
    expect(asked()).toBe(2);
    expect(loaded.isCut).toBe(true);
  });
});
