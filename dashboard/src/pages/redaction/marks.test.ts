import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api";
import { type Segment, segmentsOfJson, segmentsOfText } from "./marks";

type Finding = Schemas["RedactionFinding"];

const finding = (start: number, end: number, of: Partial<Finding> = {}): Finding => ({
  pointer: "",
  in_key: false,
  kind: "email",
  mode: "mask",
  why: "a name, `@`, and a host with a top-level label",
  start,
  end,
  ...of,
});

/** What is shown, with the marks in brackets. */
const drawn = (segments: Segment[]) =>
  segments.map(({ text, finding: at }) => (at === undefined ? text : `⟦${at}:${text}⟧`)).join("");
const inText = (text: string, ...findings: Finding[]) => drawn(segmentsOfText(text, findings));
const inJson = (value: unknown, ...findings: Finding[]) => drawn(segmentsOfJson(value, findings));

describe("marks in a text", () => {
  it("stand where the stand-ins are", () => {
    expect(inText("to [R] and [S]", finding(3, 6), finding(11, 14))).toBe("to ⟦0:[R]⟧ and ⟦1:[S]⟧");
    expect(inText("[R]", finding(0, 3))).toBe("⟦0:[R]⟧");
    expect(inText("nothing")).toBe("nothing");
    expect(inText("")).toBe("");
  });

  it("keep their numbers in whatever order they come", () => {
    expect(inText("[R][S]", finding(3, 6), finding(0, 3))).toBe("⟦1:[R]⟧⟦0:[S]⟧");
  });

  it("count code points, as the gateway does", () => {
    expect(inText("👩‍👩‍👧 [R]", finding(6, 9))).toBe("👩‍👩‍👧 ⟦0:[R]⟧");
    expect(inText("𝒶𝒷[R]𝒸", finding(2, 5))).toBe("𝒶𝒷⟦0:[R]⟧𝒸");
    expect(inText("e\u0301[R]", finding(2, 5))).toBe("e\u0301⟦0:[R]⟧");
  });

  it("that lie outside, overlap or are empty are left out, and nothing of the text is lost", () => {
    expect(inText("abc", finding(5, 9))).toBe("abc");
    expect(inText("abc", finding(1, 99))).toBe("a⟦0:bc⟧");
    expect(inText("abcdef", finding(0, 4), finding(2, 6))).toBe("⟦0:abcd⟧ef");
    expect(inText("abc", finding(2, 2), finding(2, 1))).toBe("abc");
    expect(inText("abc", finding(0, 3, { pointer: "/x" }))).toBe("abc");
  });
});

describe("marks in JSON", () => {
  it("stand in the string that their pointer leads to", () => {
    const value = { to: "x [R]", list: ["[R]", "[R]"], n: 1, none: null, yes: true, empty: {}, no: [] };
    expect(inJson(value, finding(2, 5, { pointer: "/to" }), finding(0, 3, { pointer: "/list/1" }))).toBe(
      [
        "{",
        '  "to": "x ⟦0:[R]⟧",',
        '  "list": [',
        '    "[R]",',
        '    "⟦1:[R]⟧"',
        "  ],",
        '  "n": 1,',
        '  "none": null,',
        '  "yes": true,',
        '  "empty": {},',
        '  "no": []',
        "}",
      ].join("\n"),
    );
  });

  it("stand in a key where it was the key", () => {
    const key = finding(0, 3, { pointer: "/[R]", in_key: true });
    const both = finding(0, 3, { pointer: "/[R]" });
    expect(inJson({ "[R]": "[S]" }, key, both)).toBe('{\n  "⟦0:[R]⟧": "⟦1:[S]⟧"\n}');
  });

  it("find keys with signs that pointers escape", () => {
    expect(inJson({ "a/b~c": "[R]" }, finding(0, 3, { pointer: "/a~1b~0c" }))).toBe(
      '{\n  "a/b~c": "⟦0:[R]⟧"\n}',
    );
    expect(inJson({ "": "[R]" }, finding(0, 3, { pointer: "/" }))).toBe('{\n  "": "⟦0:[R]⟧"\n}');
  });

  it("count in the string as it is, not as it is written", () => {
    expect(inJson({ a: '"\n[R]\t' }, finding(2, 5, { pointer: "/a" }))).toBe(
      '{\n  "a": "\\"\\n⟦0:[R]⟧\\t"\n}',
    );
  });

  it("are of a whole value where it is no string", () => {
    expect(inJson({ a: 4711 }, finding(0, 4, { pointer: "/a" }))).toBe('{\n  "a": ⟦0:4711⟧\n}');
    expect(inJson("x [R]", finding(2, 5))).toBe('"x ⟦0:[R]⟧"');
  });

  it("without any are the JSON itself", () => {
    const value = { a: [1, { b: 'q"uote', c: "\u2028👍" }], d: "" };
    expect(inJson(value)).toBe(JSON.stringify(value, null, 2));
  });
});
