import { describe, expect, test } from "vitest";
import { formatPointer, isWithin, parsePointer } from "./pointer";

describe("a pointer", () => {
  test.each([
    ["", []],
    ["/", [""]],
    ["/foo", ["foo"]],
    ["/foo/0", ["foo", "0"]],
    ["/a~1b", ["a/b"]],
    ["/m~0n", ["m~n"]],
    ["/~01", ["~1"]],
    ["/ ", [" "]],
    ["//a/", ["", "a", ""]],
    ["/é/😀/__proto__", ["é", "😀", "__proto__"]],
    ["/a%2Fb", ["a%2Fb"]],
  ])("%j has the steps %j, and is written so again", (text, steps) => {
    expect(parsePointer(text)).toEqual(steps);
    expect(formatPointer(steps)).toBe(text);
  });

  test.each(["foo", "#/foo", "/a~", "/a~2", "~0", " /a"])("%j is none", (text) => {
    expect(parsePointer(text)).toBeUndefined();
  });
});

test.each([
  ["/a/b", "/a", true],
  ["/a", "/a", true],
  ["/a", "", true],
  ["/ab", "/a", false],
  ["/a", "/a/b", false],
])("%j within %j: %j", (inner, outer, expected) => {
  expect(isWithin(inner, outer)).toBe(expected);
});
