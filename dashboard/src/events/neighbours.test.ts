import { describe, expect, it } from "vitest";
import { findNeighbours, type ReadSession, type SessionPage } from "./neighbours";
import { inOrder, type Orderable } from "./order";
import { readRecord } from "./record";

const AI = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b";

function record(number: number, event: object = {}) {
  const timestamp = new Date(Date.UTC(2026, 0, 31) + number * 1_000).toISOString();
  return {
    event: { ai_id: AI, timestamp, ...event },
    record: { event_id: `event-${String(number).padStart(6, "0")}` },
  };
}

const id = (number: number) => `event-${String(number).padStart(6, "0")}`;
const ordered = (records: unknown[]) => inOrder<Orderable>(records.map(readRecord)).map((one) => one.id);

describe("the order of a session", () => {
  it("is that of its sequence, where one system counts all of it", () => {
    const records = [record(3, { sequence: 1 }), record(1, { sequence: 3 }), record(2, { sequence: 2 })];
    expect(ordered(records)).toEqual([id(3), id(2), id(1)]);
  });

  it("is that of time, where several do, or not all is counted", () => {
    expect(ordered([record(3, { sequence: 1 }), record(1)])).toEqual([id(1), id(3)]);
    expect(ordered([record(3, { sequence: 1 }), record(1, { sequence: 9, ai_id: "other" })])).toEqual([
      id(1),
      id(3),
    ]);
  });

  it("knows times that differ by less than a millisecond, and is always the same", () => {
    const at = (digits: string) => ({ timestamp: `2026-01-31T12:00:00.000${digits}Z` });
    expect(
      ordered([record(1, at("2")), record(2, at("11")), record(4, at("2")), record(3, at("2"))]),
    ).toEqual([id(2), id(1), id(3), id(4)]);
  });
});

/** A store of a session, which is asked as the API is. */
function session(numbers: number[]): { read: ReadSession; asked: number[] } {
  const asked: number[] = [];
  const read: ReadSession = async ({ from, to, cursor, limit }): Promise<SessionPage> => {
    asked.push(limit);
    const rows = numbers
      .map((number) => record(number))
      .filter(
        ({ event }) =>
          (from === undefined || event.timestamp >= from) && (to === undefined || event.timestamp < to),
      )
      .reverse();
    const begin = cursor === undefined ? 0 : Number(cursor);
    const items = rows.slice(begin, begin + limit);
    return { items, next_cursor: begin + limit < rows.length ? String(begin + limit) : null };
  };
  return { read, asked };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const find = (at: number, read: ReadSession) => findNeighbours(readRecord(record(at)), read);

describe("neighbours", () => {
  it("of a short session are known with their place, by one question", async () => {
    const { read, asked } = session(numbers(5));
    expect(await find(3, read)).toEqual({ previous: id(2), next: id(4), place: { at: 3, of: 5 } });
    expect(await find(1, read)).toEqual({ next: id(2), place: { at: 1, of: 5 } });
    expect(await find(5, read)).toEqual({ previous: id(4), place: { at: 5, of: 5 } });
    expect(asked).toHaveLength(3);
  });

  it("of an event that is not stored yet are those around its time", async () => {
    const { read } = session([1, 2, 4]);
    expect(await find(3, read)).toEqual({ previous: id(2), next: id(4), place: { at: 3, of: 4 } });
  });

  it("of a long session are found, wherever in it", async () => {
    const { read } = session(numbers(450));
    expect(await find(200, read)).toEqual({ previous: id(199), next: id(201) });
    expect(await find(450, read)).toEqual({ previous: id(449) });
    expect(await find(1, read)).toEqual({ next: id(2) });
  });

  it("that lie too far are left out rather than made up", async () => {
    const { read, asked } = session(numbers(5_000));
    expect(await find(100, read)).toEqual({ previous: id(99) });
    expect(asked.length).toBeLessThan(10);
  });
});
