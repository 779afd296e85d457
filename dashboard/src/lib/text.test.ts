import { describe, expect, test } from "vitest";
import { cut, utf8Bytes, visible, visibleLines } from "./text";

describe("cutting", () => {
  test.each([
    ["", 5, ""],
    ["abcde", 5, "abcde"],
    ["abcdef", 5, "abcd…"],
    ["abcdef", 1, "…"],
    ["abcdef", 0, "…"],
    ["ab😀cd", 4, "ab…"],
    ["a😀😀", 3, "a…"],
    ["ab👨‍👩‍👧cd", 6, "ab…"],
    ["cafe\u0301s", 5, "caf…"],
    ["❤️❤️❤️", 4, "❤️…"],
  ])("%j to %d is %j", (text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
  });

  test("never leaves half a character, wherever it cuts", () => {
    const text = "a😀b👨‍👩‍👧c\u0301é🇩🇪".repeat(5);
    for (let max = 0; max <= text.length; max += 1) {
      expect(cut(text, max).isWellFormed()).toBe(true);
      expect(cut(text, max).length).toBeLessThanOrEqual(Math.max(1, max));
    }
  });

  test("of what is nothing but marks ends", () => {
    expect(cut("\u0301".repeat(1000), 10)).toBe("…");
  });
});

describe("what cannot be seen", () => {
  test.each([
    ["plain <b>text</b> & é 日本語 😀 👨‍👩‍👧 שלום", "plain <b>text</b> & é 日本語 😀 👨‍👩‍👧 שלום"],
    ["a\nb\tc\rd\be\ff", "a\\nb\\tc\\rd\\be\\ff"],
    ["\u0000\u001b[31m", "\\u0000\\u001b[31m"],
    ["evil\u202egpj.exe", "evil\\u202egpj.exe"],
    ["\u2066x\u2069\u200f\u061c", "\\u2066x\\u2069\\u200f\\u061c"],
    ["zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"],
    ["half \ud83d and \ude00", "half \\ud83d and \\ude00"],
    ["\ude00\ud83d", "\\ude00\\ud83d"],
    ["tag \u{e0041}", "tag \\udb40\\udc41"],
    ["\u2028\u2029\u0085", "\\u2028\\u2029\\u0085"],
  ])("%j is written out", (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  test("lines stay lines where they are to", () => {
    expect(visibleLines("a\r\nb\n\tc\rd\u202e")).toBe("a\nb\n\tc\\rd\\u202e");
  });
});

test.each([
  ["", 0],
  ["abc", 3],
  ["é", 2],
  ["日", 3],
  ["😀", 4],
])("%j has %d bytes", (text, bytes) => {
  expect(utf8Bytes(text)).toBe(bytes);
});
