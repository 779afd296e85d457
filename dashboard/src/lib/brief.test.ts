import { describe, expect, it } from "vitest";
import { brief } from "./brief";

describe("a value in few characters", () => {
  it.each([
    ["a text", "a  b\n c", "a b c"],
    ["an object", { a: 1, b: [true, null] }, '{"a": 1, "b": [true, null]}'],
    ["nothing", undefined, ""],
    ["null", null, "null"],
    ["a number", 1.5, "1.5"],
    ["an empty list", [], "[]"],
  ])("is %s", (_, value, text) => expect(brief(value)).toBe(text));

  it("is cut", () => {
    expect(brief("x".repeat(500), 10)).toBe(`${"x".repeat(9)}…`);
    expect(brief(["y".repeat(500)], 10)).toHaveLength(10);
    expect(brief({ ["k".repeat(500)]: 1 }, 10)).toHaveLength(10);
    expect(brief("12345678 0", 10)).toBe("12345678 0");
  });

  it("does not cut a character in half", () => {
    for (let max = 2; max < 8; max += 1)
      expect(brief("😀😀😀😀", max)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  it("is bounded where the value is large or deep", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(brief(deep, 50).length).toBeLessThanOrEqual(50);
    expect(
      brief(
        Array.from({ length: 100_000 }, () => ({ a: "b" })),
        50,
      ),
    ).toHaveLength(50);
    expect(brief(`${" ".repeat(100_000)}x`, 50).length).toBeLessThanOrEqual(50);
  });
});
