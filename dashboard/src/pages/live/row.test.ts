import { describe, expect, it } from "vitest";
import { readFrame, readPage } from "./frames";
import { cellsOf, type Row, readEvent, readMessage } from "./row";
import { NotJson } from "./scan";
import { events, idOf, page, record, SIGNATURE } from "./testing";

const rowOf = (value: unknown): Row => readEvent(JSON.stringify(value), 0).row;

describe("an event's row", () => {
  it("knows its id, its signature and its times", () => {
    const row = rowOf(record(7, {}, { received_at: "2026-01-31T12:00:07.123456Z" }));
    expect(row).toMatchObject({ kind: "event", id: idOf(7), key: `${idOf(7)}:${SIGNATURE}` });
    expect(row.at).toBeCloseTo(Date.UTC(2026, 0, 31, 12, 0, 7, 123) + 0.456, 3);
    expect(row.happened).toBe("2026-01-31T12:00:07.000Z");
    expect(JSON.parse(row.text)).toEqual(record(7, {}, { received_at: "2026-01-31T12:00:07.123456Z" }));
  });

  it("is not misled by what a sender writes", () => {
    const hostile = {
      action: {
        input: { record: { event_id: "evil" }, signature: "evil" },
        output: '"record":{"event_id":"evil"}',
      },
    };
    const row = rowOf(record(1, hostile));
    expect(row.key).toBe(`${idOf(1)}:${SIGNATURE}`);
  });

  it("is read in whatever order its members stand", () => {
    const { event, record: receipt } = record(3);
    expect(rowOf({ record: receipt, later: [1], event }).id).toBe(idOf(3));
  });

  it("without an id is none", () => {
    expect(() => rowOf({ event: {}, record: {} })).toThrow(NotJson);
    expect(() => rowOf({ event: {}, record: { event_id: 7 } })).toThrow(NotJson);
  });

  it("shows its type, whose it is and what happened", () => {
    const row = rowOf(
      record(1, {
        event_type: "ai.error",
        error: { code: "E1", message: "no" },
        metadata: { session_id: "s-1" },
      }),
    );
    expect(cellsOf(row)).toMatchObject({ type: "ai.error", session: "s-1", line: "E1: no" });
  });

  it("shows something whatever stands in its members", () => {
    for (const event of [
      { event_type: 7, ai_id: null, metadata: "none" },
      { event_type: { a: 1 }, metadata: { session_id: ["x"] } },
      { query: null, metadata: null },
    ]) {
      const cells = cellsOf(rowOf(record(1, event)));
      expect(Object.values(cells).every((cell) => typeof cell === "string")).toBe(true);
    }
  });

  it("keeps its cells short", () => {
    const cells = cellsOf(rowOf(record(1, { query: { prompt: "x".repeat(200_000) } })));
    expect(cells.line.length).toBeLessThan(300);
  });
});

describe("a message's row", () => {
  const message = {
    topic: "orders",
    partition: 3,
    offset: 41,
    key: "customer-7",
    appended_at: "2026-01-31T12:00:00.018Z",
    message: { order: 7, topic: "other", offset: 1 },
  };
  it("knows where it lies", () => {
    const { row } = readMessage(JSON.stringify(message), 0);
    expect(row).toMatchObject({ kind: "message", id: "orders/3/41", key: "orders/3/41" });
    expect(row.happened).toBe("2026-01-31T12:00:00.018Z");
    expect(cellsOf(row)).toMatchObject({
      messageKey: "customer-7",
      place: "3 @ 41",
      line: expect.stringContaining("order"),
    });
  });

  it("happened when its publisher says", () => {
    const { row } = readMessage(JSON.stringify({ ...message, timestamp: "2026-01-30T00:00:00Z" }), 0);
    expect(row.happened).toBe("2026-01-30T00:00:00Z");
  });
});

describe("frames", () => {
  it("of several events are rows", () => {
    const frame = readFrame(events("c1", 1, 2));
    expect(frame).toMatchObject({ type: "rows", cursor: "c1" });
    expect(frame.type === "rows" && frame.rows.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
  });

  it("of one event are a row of the same text", () => {
    const frame = readFrame(JSON.stringify({ type: "event", cursor: "c", ...record(4) }));
    expect(frame.type === "rows" && JSON.parse(frame.rows[0]?.text ?? "")).toEqual(record(4));
  });

  it.each([
    [
      { type: "hello", cursor: "c" },
      { type: "hello", cursor: "c" },
    ],
    [
      { type: "gap", missed: 3, resume: "r" },
      { type: "gap", missed: 3, resume: "r" },
    ],
    [
      { type: "bye", reason: "shutdown", cursor: "c" },
      { type: "bye", reason: "shutdown", cursor: "c" },
    ],
    [
      { type: "error", code: "invalid_filter", detail: "no", position: 4 },
      { type: "error", code: "invalid_filter", detail: "no", position: 4 },
    ],
    [
      { type: "of a later version", cursor: "c" },
      { type: "other", cursor: "c" },
    ],
    [{ type: "of a later version" }, { type: "other" }],
  ])("%j is read", (said, read) => expect(readFrame(JSON.stringify(said))).toEqual(read));

  it.each([
    "",
    "null",
    "[]",
    '{"type":"hello"}',
    '{"type":"events","cursor":"c"}',
    '{"type":"gap","cursor":"c"}',
    '{"type":"events"',
  ])("%s is none", (text) => expect(() => readFrame(text)).toThrow());
});

it("a page has its rows and where the next one begins", () => {
  expect(readPage(page([3, 2, 1], "next"))).toMatchObject({
    next: "next",
    rows: [{ id: idOf(3) }, {}, { id: idOf(1) }],
  });
  expect(readPage(page([], null))).toEqual({ rows: [], next: undefined });
});
