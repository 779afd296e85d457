import { describe, expect, it } from "vitest";
import { behind, consumerLag, errorRate, latency, rate, split, today } from "./figures";
import type { Errors, Latency, StoreLag, Throughput } from "./use-metrics";

const window = { period: "1h", step_s: 60, from: "2026-01-31T11:01:00Z", to: "2026-01-31T12:01:00Z" };
const at = (i: number) => new Date(Date.parse(window.from) + i * 60_000).toISOString();

function throughput(events: number[], messages = events.map(() => 0)): Throughput {
  const series = events.map((n, i) => ({
    at: at(i),
    events: n,
    event_bytes: 0,
    messages: messages[i] ?? 0,
    message_bytes: 0,
  }));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const total = { events: sum(events), event_bytes: 0, messages: sum(messages), message_bytes: 0 };
  return { ...window, total, by_type: [], series };
}

function errors(items: number[]): Errors {
  const series = items.map((n, i) => ({ at: at(i), items: n, requests: 0 }));
  return { ...window, total: { items: items.reduce((a, b) => a + b, 0), requests: 9 }, codes: [], series };
}

function durations(values: (number | null)[]): Latency {
  const series = values.map((ms, i) => ({
    at: at(i),
    count: ms === null ? 0 : 1,
    p50_ms: ms,
    p95_ms: ms,
    p99_ms: ms,
  }));
  const newest = values.at(-1) ?? null;
  return { ...window, total: { count: 1, p50_ms: newest, p95_ms: newest, p99_ms: newest }, series };
}

const topic = { statistics: { messages_today: 12_345, publish_rate: 4.25 } };

describe("events", () => {
  it("of today are what the store has counted, over the steps of the period", () => {
    expect(today(topic, throughput([1, 2]))).toMatchObject({ value: "12,345", points: [1, 2] });
    expect(today(topic, undefined).points).toBeUndefined();
  });

  it("per second change from one half of the period to the other, without the step that is not over", () => {
    const figure = rate(topic, throughput([60, 60, 90, 90, 1]));
    expect(figure).toMatchObject({ value: "4.25", unit: "/s", points: [1, 1, 1.5, 1.5] });
    expect(figure.change).toEqual({ percent: 50, good: "up" });
  });

  it("that begin to come have no change to tell of", () => {
    expect(rate(topic, throughput([0, 0, 90, 90, 1])).change).toBeUndefined();
  });
});

describe("the error rate", () => {
  it("is what was refused of all that was sent, whole requests aside", () => {
    const figure = errorRate(errors([1, 1, 0, 0, 0]), throughput([9, 9, 10, 10, 10], [0, 0, 0, 0, 50]));
    expect(figure).toMatchObject({ value: "2", unit: "%", points: [0.1, 0.1, 0, 0, 0] });
    expect(figure.change).toEqual({ percent: -100, good: "down" });
  });

  it("of nothing is unknown, and no zero", () => {
    expect(errorRate(errors([0, 0]), throughput([0, 0]))).toMatchObject({ value: "–", change: undefined });
  });

  it("bears answers that are a step apart", () => {
    expect(errorRate(errors([0, 0, 1]), throughput([1, 1])).points).toEqual([0, 0, 1]);
  });
});

describe("a duration", () => {
  it("is a number and a unit, where it is one of each", () => {
    expect(split("21.4 ms")).toEqual({ value: "21.4", unit: "ms" });
    expect(split("2 min 5 s")).toEqual({ value: "2 min 5 s" });
    expect(split("–")).toEqual({ value: "–" });
  });

  it("leaves out steps in which there was nothing", () => {
    expect(latency(durations([3, null, 21.4]), "p99_ms")).toMatchObject({
      value: "21.4",
      unit: "ms",
      points: [3, 21.4],
    });
  });

  it("of nothing is unknown", () => {
    expect(latency(durations([null, null]), "p50_ms")).toMatchObject({ value: "–", points: [] });
  });
});

describe("the store", () => {
  const lag = (behind_ms: number | null): StoreLag => ({ ...durations([5, null]), behind_ms });

  it("that has everything is behind by nothing", () => {
    expect(behind(lag(0))).toMatchObject({ value: "0", unit: "ms", points: [5] });
  });

  it("of which the log does not tell is not said to be up to date", () => {
    expect(behind(lag(null)).value).toBe("–");
  });
});

it("the lag of groups is in messages, and says how long the oldest waits", () => {
  expect(consumerLag({ groups: 1, readers: 0, messages: 1, waitedS: 125 })).toEqual({
    value: "1",
    unit: "message",
    hint: "oldest waits 2 min 5 s",
  });
  expect(consumerLag({ groups: 0, readers: 0, messages: 0, waitedS: undefined }).hint).toBe("nothing waits");
});
