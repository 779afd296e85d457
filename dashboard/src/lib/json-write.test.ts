import { describe, expect, test } from "vitest";
import { parseJson } from "./json-text";
import { writeJson } from "./json-write";

describe("any value is written", () => {
  test.each([
    [null],
    [true],
    [0],
    [-0],
    [1e21],
    [0.1],
    ['a"b\\c\n\u202e\ud800<b>'],
    [[]],
    [{}],
    [[1, [2, [3]]]],
    [{ a: { b: [1, "x", null] }, "": 1, __x__: false }],
    [{ a: undefined, b: () => 1, c: Symbol("c"), d: [undefined, () => 1] }],
    [new Date(0)],
    [{ at: new Date(0), nested: [new Date(1)] }],
    [[Number.NaN, Number.POSITIVE_INFINITY]],
    [Object.assign(Object.create(null), { a: 1 })],
    [new Array(3)],
  ])("as JSON.stringify does: %o", (value) => {
    expect(writeJson(value)).toBe(JSON.stringify(value));
  });

  test("also what JSON.stringify has no text for", () => {
    expect(writeJson(undefined)).toBe("null");
    expect(writeJson(() => 1)).toBe("null");
    expect(writeJson(12345678901234567890n)).toBe("12345678901234567890");
    expect(writeJson(new Date(Number.NaN))).toBe("null");
  });

  test("in a circle, once", () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle["self"] = circle;
    circle["list"] = [circle];
    expect(writeJson(circle)).toBe('{"a":1,"self":"[circular]","list":["[circular]"]}');
  });

  test("the same value at two places, twice", () => {
    const shared = { a: 1 };
    expect(writeJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  test("20,000 levels deep", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
    const doc = parseJson(writeJson(deep));
    expect(doc.problem).toBeUndefined();
  });

  test("that throws when it is asked", () => {
    const hostile = {
      toJSON() {
        throw new Error("no");
      },
    };
    expect(writeJson({ hostile, a: 1 })).toBe('{"hostile":null,"a":1}');
  });
});
