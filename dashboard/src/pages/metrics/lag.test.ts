import { describe, expect, it } from "vitest";
import { byWaiting, EVENTS_TOPIC, type GroupLag, lagOf, TOPICS_ASKED_MAX, topicsToAsk, totalOf } from "./lag";

function lag(changes: Partial<GroupLag>): GroupLag {
  return { topic: "orders", group: "billing", readers: 0, messages: 0, waitedS: null, ...changes };
}

describe("the topics to ask about", () => {
  it("are that of events, the busiest, and the others by name, each once", () => {
    expect(topicsToAsk(["b", "a", "c", EVENTS_TOPIC], ["c", EVENTS_TOPIC])).toEqual([
      EVENTS_TOPIC,
      "c",
      "a",
      "b",
    ]);
  });

  it("are none that were deleted since they were counted", () => {
    expect(topicsToAsk(["a"], ["gone", "a"])).toEqual(["a"]);
  });

  it("are so many at most", () => {
    const many = Array.from({ length: 100 }, (_, i) => `t${i}`);
    expect(topicsToAsk(many, ["t99"])).toHaveLength(TOPICS_ASKED_MAX);
    expect(topicsToAsk(many, ["t99"])[0]).toBe("t99");
  });
});

describe("a group", () => {
  it("of the topic of all organisations has no number of messages", () => {
    const group = { group: "g", name_in_log: "x", members: [], partitions: [], lag_seconds: 4 };
    expect(lagOf(EVENTS_TOPIC, group)).toEqual({
      topic: EVENTS_TOPIC,
      group: "g",
      readers: 0,
      messages: undefined,
      waitedS: 4,
    });
  });

  it("that lacks nothing waits for nothing", () => {
    const group = {
      group: "g",
      name_in_log: "x",
      members: [{ reader: "r", partitions: [0] }],
      partitions: [],
      lag: 0,
    };
    expect(lagOf("orders", group)).toMatchObject({ readers: 1, messages: 0, waitedS: null });
  });
});

it("who has waited longest comes first, then who has most messages", () => {
  const sorted = [
    lag({ group: "idle" }),
    lag({ group: "unknown", messages: 7 }),
    lag({ group: "short", waitedS: 1, messages: 900 }),
    lag({ group: "long", waitedS: 60 }),
  ].sort(byWaiting);
  expect(sorted.map(({ group }) => group)).toEqual(["long", "short", "unknown", "idle"]);
});

describe("the total", () => {
  it("adds readers and messages, and has the longest wait", () => {
    const lags = [
      lag({ readers: 2, messages: 5, waitedS: 3 }),
      lag({ messages: undefined, waitedS: 9, readers: 1 }),
    ];
    expect(totalOf(lags)).toEqual({ groups: 2, readers: 3, messages: 5, waitedS: 9 });
  });

  it("of nothing is nothing", () => {
    expect(totalOf([])).toEqual({ groups: 0, readers: 0, messages: 0, waitedS: undefined });
  });
});
