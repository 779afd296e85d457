import { describe, expect, it } from "vitest";
import { partitionsOf, waitingOf } from "./groups";
import type { Group } from "./use-topics";

const group: Group = {
  group: "billing",
  name_in_log: "x.orders/billing",
  lag: 12,
  lag_seconds: 30,
  members: [
    { reader: "worker-1", partitions: [0, 2] },
    { reader: "worker-2", partitions: [] },
  ],
  partitions: [
    { partition: 0, committed: 5, earliest: 0, end: 5, lag: 0, lag_seconds: null },
    { partition: 1, committed: null, earliest: 0, end: 9, lag: 9, lag_seconds: null },
    { partition: 2, committed: 7, earliest: 0, end: 10, lag: 3, lag_seconds: 30 },
  ],
};

describe("the partitions of a group", () => {
  it("come by how long their messages wait, then by how many do", () => {
    expect(partitionsOf(group).map(({ partition }) => partition)).toEqual([2, 1, 0]);
  });

  it("say who holds them, and nobody where nobody does", () => {
    expect(partitionsOf(group).map(({ reader }) => reader)).toEqual(["worker-1", undefined, "worker-1"]);
  });

  it("of the topic of all organisations have no numbers of others", () => {
    const [only] = partitionsOf({ ...group, lag: undefined, partitions: [{ partition: 3, committed: 4 }] });
    expect(only).toEqual({
      partition: 3,
      reader: undefined,
      committed: 4,
      end: undefined,
      lag: undefined,
      waitedS: undefined,
    });
  });
});

describe("waiting", () => {
  it.each([
    [0, null, { kind: "none" }],
    [undefined, null, { kind: "none" }],
    [3, null, { kind: "unknown" }],
    [3, undefined, { kind: "unknown" }],
    [3, 0, { kind: "since", seconds: 0 }],
    [undefined, 8, { kind: "since", seconds: 8 }],
  ] as const)("of %s messages for %s seconds", (lag, seconds, waiting) => {
    expect(waitingOf(lag, seconds)).toEqual(waiting);
  });
});
