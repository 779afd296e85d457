import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api";
import { spanCounts, TREND_LIMIT, trendOf } from "./trend";

const NOW_MS = Date.parse("2026-01-31T12:00:00Z");
const HOUR_MS = 3_600_000;

function answer(hours: number, topics: Record<string, number>): Schemas["MetricsTopTopics"] {
  const items = Object.entries(topics).map(([topic, messages]) => ({ topic, messages, bytes: 0 }));
  const from = new Date(NOW_MS - hours * HOUR_MS).toISOString();
  return { period: "x", step_s: 60, from, to: new Date(NOW_MS).toISOString(), items };
}

const answers = [
  answer(168, { orders: 200 }),
  answer(24, { orders: 56 }),
  answer(6, { orders: 20 }),
  answer(1, { orders: 10 }),
];

describe("the course of a topic", () => {
  it("is what came between the periods, an hour", () => {
    expect(spanCounts(answers, "orders")).toEqual([144, 36, 10, 10]);
    expect(trendOf(answers, "orders", NOW_MS)).toEqual([1, 2, 2, 10]);
  });

  it("of a topic to which nothing came is flat", () => {
    expect(trendOf(answers, "idle", NOW_MS)).toEqual([0, 0, 0, 0]);
  });

  it("is not known before all answers are there", () => {
    expect(trendOf([answers[0], undefined, answers[2], answers[3]], "orders", NOW_MS)).toBeUndefined();
  });

  it("is not known of a topic that did not come among those that are told", () => {
    const many = Object.fromEntries(Array.from({ length: TREND_LIMIT }, (_, i) => [`t${i}`, 9]));
    const crowded = [answer(168, many), answer(24, many), answer(6, many), answer(1, many)];
    expect(trendOf(crowded, "orders", NOW_MS)).toBeUndefined();
    expect(trendOf(crowded, "t0", NOW_MS)).toEqual([0, 0, 0, 9]);
  });

  it("is never less than nothing, though a later answer has more", () => {
    const ahead = [
      answer(168, { orders: 5 }),
      answer(24, { orders: 6 }),
      answer(6, { orders: 6 }),
      answer(1, {}),
    ];
    expect(spanCounts(ahead, "orders")).toEqual([0, 0, 6, 0]);
  });
});
