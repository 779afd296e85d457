import { describe, expect, it } from "vitest";
import { Ring } from "./ring";
import { type Row, readEvent } from "./row";
import { record } from "./testing";

const row = (number: number, receipt: object = {}): Row =>
  readEvent(JSON.stringify(record(number, {}, receipt)), 0).row;
const ids = (ring: Ring) => ring.newestFirst().map(({ at }) => (at - Date.UTC(2026, 0, 31, 12)) / 1_000);

describe("the ring", () => {
  it("has the newest rows first", () => {
    const ring = new Ring();
    for (const number of [1, 2, 3]) expect(ring.add(row(number))).toBe("added");
    expect(ids(ring)).toEqual([3, 2, 1]);
  });

  it("puts what comes late in its place", () => {
    const ring = new Ring();
    for (const number of [1, 2, 5, 6, 3, 4]) ring.add(row(number));
    expect(ids(ring)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it("keeps rows of the same time in the order in which they came", () => {
    const ring = new Ring();
    const at = { received_at: "2026-01-31T12:00:00Z" };
    for (const number of [3, 1, 2]) ring.add(row(number, at));
    expect(ring.newestFirst().map(({ id }) => id.slice(-1))).toEqual(["2", "1", "3"]);
  });

  it("knows a record that comes twice, and two records of one id apart", () => {
    const ring = new Ring();
    ring.add(row(1));
    expect(ring.add(row(1))).toBe("double");
    const conflicting = readEvent(JSON.stringify(record(1, { signature: "cd".repeat(32) })), 0).row;
    expect(ring.add(conflicting)).toBe("added");
    expect(ring.length).toBe(2);
  });

  it("lets the oldest go, and says until when they were", () => {
    const ring = new Ring(3);
    for (let number = 1; number <= 5; number += 1) ring.add(row(number));
    expect(ids(ring)).toEqual([5, 4, 3]);
    expect(ring.letGo).toBe(2);
    expect(ring.letGoUntil).toBe(Date.UTC(2026, 0, 31, 12, 0, 2));
    expect(ring.has(row(1).key)).toBe(false);
    expect(ring.has(row(3).key)).toBe(true);
  });

  it("does not take what is older than all of it, and counts it as let go", () => {
    const ring = new Ring(2);
    for (const number of [5, 6]) ring.add(row(number));
    expect(ring.add(row(1))).toBe("past");
    expect(ids(ring)).toEqual([6, 5]);
    expect(ring.letGo).toBe(1);
    expect(ring.added).toBe(2);
  });

  it("is bounded by what its rows hold, too", () => {
    const size = row(1).text.length;
    const ring = new Ring(1_000, size * 3 + 1);
    for (let number = 1; number <= 9; number += 1) ring.add(row(number));
    expect(ids(ring)).toEqual([9, 8, 7]);
  });

  it("holds one row however large it is", () => {
    const ring = new Ring(10, 5);
    ring.add(row(1));
    expect(ring.length).toBe(1);
    ring.add(row(2));
    expect(ids(ring)).toEqual([2]);
  });

  it("stays whole when many were let go", () => {
    const ring = new Ring(10);
    for (let number = 1; number <= 10_000; number += 1) ring.add(row(number));
    expect(ids(ring)).toEqual([10_000, 9_999, 9_998, 9_997, 9_996, 9_995, 9_994, 9_993, 9_992, 9_991]);
    expect(ring.letGo).toBe(9_990);
    expect(ring.added).toBe(10_000);
  });
});
