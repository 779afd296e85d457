import { describe, expect, it } from "vitest";
import { messageParam, type PlaceState, partitionOf, placeOf } from "./place";

const own = { partitions: 3, reserved: false };
const events = { partitions: 12, reserved: true };

function state(changes: Partial<PlaceState>): PlaceState {
  return { partition: "", start: "newest", at: undefined, offset: 0, ...changes };
}

describe("a partition", () => {
  it("is one that the topic has", () => {
    expect(partitionOf("2", 3)).toBe(2);
    for (const none of ["", "3", "-1", "1.5", "all", "00000"]) expect(partitionOf(none, 3)).toBeUndefined();
  });
});

describe("the place where reading begins", () => {
  it("is the newest messages, of all partitions, when nothing else is asked", () => {
    expect(placeOf(state({}), own)).toEqual({ kind: "newest", partition: undefined });
  });

  it("may be the oldest message or a time", () => {
    expect(placeOf(state({ start: "earliest", partition: "1" }), own)).toEqual({
      kind: "from",
      partition: 1,
      from: "earliest",
    });
    expect(placeOf(state({ start: "time", at: "2026-01-31T12:00:00+01:00" }), own)).toMatchObject({
      from: "2026-01-31T11:00:00.000Z",
    });
  });

  it("may be an offset of one partition", () => {
    expect(placeOf(state({ start: "offset", partition: "2", offset: 41 }), own)).toEqual({
      kind: "offset",
      partition: 2,
      offset: 41,
    });
  });

  it.each([
    ["an offset without a partition", state({ start: "offset", offset: 41 }), own],
    [
      "an offset of the topic of all organisations",
      state({ start: "offset", partition: "0", offset: 41 }),
      events,
    ],
    ["a time that is none", state({ start: "time", at: "yesterday" }), own],
    ["no time", state({ start: "time" }), own],
  ])("is the newest for %s", (_, asked, topic) => {
    expect(placeOf(asked, topic).kind).toBe("newest");
  });
});

it("a message is named by its partition and offset", () => {
  expect(messageParam({ partition: 2, offset: 41 })).toBe("2:41");
});
