import { describe, expect, it } from "vitest";
import { marksOfRecord, marksWithin, piecesOf, readRecord } from "./record";

const RECORD = {
  event: {
    event_type: "ai.query",
    ai_id: "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
    timestamp: "2026-01-31T12:00:00Z",
    sequence: 7,
    metadata: { session_id: "s-1" },
  },
  record: {
    event_id: "019a0000-0000-7000-8000-000000000001",
    redactions: [
      { pointer: "/query/prompt", kind: "email" },
      { pointer: "/metadata/user_id", kind: "custom", rule: "employee_id" },
    ],
  },
};

describe("a record", () => {
  it("is read", () => {
    expect(readRecord(RECORD)).toMatchObject({
      id: "019a0000-0000-7000-8000-000000000001",
      type: "ai.query",
      sessionId: "s-1",
      sequence: 7,
      redactions: RECORD.record.redactions,
    });
  });

  it.each([
    [undefined],
    [null],
    [7],
    ["x"],
    [[]],
    [{}],
    [{ event: [], record: "x" }],
    [{ event: { metadata: null, sequence: "7" } }],
  ])("of which nothing is as it should be is read as well: %j", (value) => {
    expect(readRecord(value)).toMatchObject({ id: "", type: "", sequence: undefined, redactions: [] });
  });

  it("leaves out redactions that are none", () => {
    const redactions = [
      null,
      {},
      { pointer: 7, kind: "x" },
      { pointer: "/a" },
      { pointer: "/a", kind: "email" },
    ];
    expect(readRecord({ record: { redactions } }).redactions).toEqual([{ pointer: "/a", kind: "email" }]);
  });
});

describe("marks", () => {
  const { redactions } = readRecord(RECORD);
  it("are within the whole record", () => {
    expect(marksOfRecord(redactions)).toEqual([
      { pointer: "/event/query/prompt", label: "hidden: e-mail address" },
      { pointer: "/event/metadata/user_id", label: "hidden: employee_id" },
    ]);
  });

  it("are within a part of it, and not in what is only called alike", () => {
    expect(marksWithin(redactions, "/query")).toEqual([
      { pointer: "/prompt", label: "hidden: e-mail address" },
    ]);
    expect(marksWithin(redactions, "/query/prompt")).toEqual([
      { pointer: "", label: "hidden: e-mail address" },
    ]);
    expect(marksWithin(redactions, "/quer")).toEqual([]);
  });
});

describe("a text with something hidden in it", () => {
  const email = [{ pointer: "/query/prompt", kind: "email" }];
  it("is cut at what stands in for it", () => {
    expect(piecesOf("Write to [REDACTED:email], please", "/query/prompt", email)).toEqual([
      { text: "Write to " },
      { text: "[REDACTED:email]", hidden: "e-mail address" },
      { text: ", please" },
    ]);
  });

  it("knows pseudonyms and own rules", () => {
    const pseudonym = "[EMAIL:yw7qamedxcvavotfd3hx]";
    expect(piecesOf(pseudonym, "/query/prompt", email)).toEqual([
      { text: pseudonym, hidden: "e-mail address" },
    ]);
    const own = [{ pointer: "/a", kind: "custom", rule: "employee_id" }];
    for (const standIn of ["[REDACTED:custom:employee_id]", "[CUSTOM:employee_id:yw7qamedxcvavotfd3hx]"]) {
      expect(piecesOf(standIn, "/a", own)).toEqual([{ text: standIn, hidden: "employee_id" }]);
    }
  });

  it("is not fooled by a sender who writes the same", () => {
    const text = "[REDACTED:email] [REDACTED:phone]";
    expect(piecesOf(text, "/query/model", email)).toEqual([{ text }]);
    expect(piecesOf(text, "/query/prompt", email)).toEqual([
      { text: "[REDACTED:email]", hidden: "e-mail address" },
      { text: " [REDACTED:phone]" },
    ]);
  });

  it("is marked where only what is around it is told", () => {
    expect(
      piecesOf("[REDACTED:email]", "/query/messages/3/content", [{ pointer: "/query", kind: "email" }]),
    ).toHaveLength(1);
    expect(piecesOf("*", "/a", [{ pointer: "/a", kind: "secret" }])).toEqual([
      { text: "*", hidden: "secret" },
    ]);
  });

  it("without anything in it is whole", () => {
    expect(piecesOf("plain", "/query/prompt", email)).toEqual([{ text: "plain" }]);
    expect(piecesOf("", "/query/prompt", email)).toEqual([{ text: "" }]);
  });
});
