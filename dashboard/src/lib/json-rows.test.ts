import { describe, expect, test } from "vitest";
import {
  FIRST_ROWS_MAX,
  type JsonMark,
  type JsonRow,
  levelOf,
  openTo,
  PAGE,
  placeMarks,
  pointerOf,
  rowsOf,
} from "./json-rows";
import { type JsonDocument, parseJson } from "./json-text";

const mark = (pointer: string, label = "email"): JsonMark => ({ pointer, label });

function told(row: JsonRow): string {
  const indent = "  ".repeat(levelOf(row));
  switch (row.kind) {
    case "value": {
      const name = pointerOf(row) || "root";
      const marks = row.marks.map(({ label }) => ` !${label}`).join("");
      const state = row.node.children === undefined ? "" : row.isOpen ? " open" : " closed";
      return `${indent}${name}${state}${marks}${row.hidden > 0 ? ` (${row.hidden})` : ""}`;
    }
    case "gone":
      return `${indent}${pointerOf(row)} gone !${row.mark.label}`;
    case "more":
      return `${indent}${pointerOf(row) || "root"} +${row.left}`;
    case "close":
      return `${indent}end`;
  }
}

function rows(text: string, depth = 99, marks: JsonMark[] = []): string[] {
  const doc = parseJson(text);
  const placed = placeMarks(doc, marks);
  return rowsOf(doc, openTo(doc, placed, depth, 10_000), new Map(), placed).map(told);
}

describe("the rows of a document", () => {
  test("are its values, and the ends of those that are open", () => {
    expect(rows('{"a":{"b":[1,{}]},"c":2}')).toEqual([
      "root open",
      "  /a open",
      "    /a/b open",
      "      /a/b/0",
      "      /a/b/1 closed",
      "    end",
      "  end",
      "  /c",
      "end",
    ]);
  });

  test("end where values are closed", () => {
    expect(rows('{"a":{"b":[1,{}]},"c":[]}', 1)).toEqual(["root open", "  /a closed", "  /c closed", "end"]);
    expect(rows("[1]", 0)).toEqual(["root closed"]);
    expect(rows("1")).toEqual(["root"]);
    expect(rows("")).toEqual([]);
  });

  test("have their own ids, also where keys are the same", () => {
    const doc = parseJson('{"a":[1],"a":[1],"":{"":{}}}');
    const placed = placeMarks(doc, [mark("/a/7"), mark("/a/7")]);
    const ids = rowsOf(doc, openTo(doc, placed, 99, 1000), new Map(), placed).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("of a long list come in pages", () => {
    const doc = parseJson(JSON.stringify({ list: Array.from({ length: 250 }, (_, index) => index) }));
    const placed = placeMarks(doc, []);
    const open = openTo(doc, placed, 99, 10_000);
    const list = doc.root?.children?.[0]?.id as number;
    const count = (shown: Map<number, number>) => rowsOf(doc, open, shown, placed);
    expect(count(new Map()).filter(({ kind }) => kind === "value")).toHaveLength(2 + PAGE);
    expect(count(new Map()).map(told)).toContain("    /list +150");
    expect(count(new Map([[list, 2 * PAGE]])).map(told)).toContain("    /list +50");
    expect(count(new Map([[list, 3 * PAGE]])).some(({ kind }) => kind === "more")).toBe(false);
  });

  test("of 10,000 levels are made without end", () => {
    const deep = `${'[{"a":'.repeat(5000)}1${"}]".repeat(5000)}`;
    const doc = parseJson(deep);
    const placed = placeMarks(doc, [mark(`${"/0/a".repeat(5000)}`)]);
    const all = rowsOf(doc, openTo(doc, placed, Number.POSITIVE_INFINITY, 100_000), new Map(), placed);
    expect(all).toHaveLength(20_001);
    expect(all.find(({ kind, node }) => kind === "value" && node.kind === "number")).toMatchObject({
      marks: [{ label: "email" }],
    });
  });
});

describe("what is open at first", () => {
  const opened = (doc: JsonDocument, depth: number, max: number) => {
    const placed = placeMarks(doc, []);
    return rowsOf(doc, openTo(doc, placed, depth, max), new Map(), placed);
  };

  test("is no more than there is room for, the nearest first", () => {
    const wide = parseJson(
      JSON.stringify(Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => [1, 2]))),
    );
    const shown = opened(wide, 99, FIRST_ROWS_MAX);
    expect(shown.length).toBeLessThanOrEqual(FIRST_ROWS_MAX);
    expect(shown.filter(({ node, kind }) => kind === "value" && node.depth === 1)).toHaveLength(90);
  });

  test("is a page of the root in any case", () => {
    const huge = parseJson(`[${"0,".repeat(49_999)}0]`);
    expect(opened(huge, 99, 10)).toHaveLength(1 + PAGE + 2);
  });
});

describe("marks", () => {
  const text = '{"user":{"email":"x","tags":["a","b"]},"user2":{}}';

  test("stand at their values", () => {
    expect(
      rows(text, 99, [mark("/user/email"), mark("/user/tags/1", "phone"), mark("/user/email", "pii")]),
    ).toEqual([
      "root open",
      "  /user open",
      "    /user/email !email !pii",
      "    /user/tags open",
      "      /user/tags/0",
      "      /user/tags/1 !phone",
      "    end",
      "  end",
      "  /user2 closed",
      "end",
    ]);
  });

  test("in a closed value are counted", () => {
    expect(rows(text, 1, [mark("/user/email"), mark("/user/tags/1"), mark("/user/tags")])).toContain(
      "  /user closed (3)",
    );
  });

  test("of what is gone stand where it would be", () => {
    expect(
      rows(text, 99, [mark("/user/phone/0"), mark("/user/tags/2"), mark("/user2/x"), mark("/z")]),
    ).toEqual([
      "root open",
      "  /user open",
      "    /user/email",
      "    /user/tags open",
      "      /user/tags/0",
      "      /user/tags/1",
      "      /user/tags/2 gone !email",
      "    end",
      "    /user/phone/0 gone !email",
      "  end",
      "  /user2 open",
      "    /user2/x gone !email",
      "  end",
      "  /z gone !email",
      "end",
    ]);
  });

  test("of the whole document stand at its root", () => {
    expect(rows('"[REDACTED:email]"', 99, [mark("")])).toEqual(["root !email"]);
    expect(rows('{"a":"[REDACTED:custom]"}', 99, [mark("/a/b/c")])).toContain("  /a !email");
  });

  test("of a key that comes twice stand at both", () => {
    expect(rows('{"a":1,"a":2}', 99, [mark("/a")])).toEqual([
      "root open",
      "  /a !email",
      "  /a !email",
      "end",
    ]);
  });

  test("find keys with slashes and numbers that are keys", () => {
    expect(rows('{"a/b":{"~":{"0":1}}}', 99, [mark("/a~1b/~0/0")])).toContain("      /a~1b/~0/0 !email");
    expect(rows("[[1]]", 99, [mark("/00"), mark("/-"), mark("/0/0")])).toEqual([
      "root open",
      "  /0 open",
      "    /0/0 !email",
      "  end",
      "  /00 gone !email",
      "  /- gone !email",
      "end",
    ]);
  });

  test("that are no pointers are nowhere", () => {
    expect(rows('{"a":1}', 99, [mark("a"), mark("/~7")])).toEqual(["root open", "  /a", "end"]);
    expect(rows("", 99, [mark("/a")])).toEqual([]);
  });
});
