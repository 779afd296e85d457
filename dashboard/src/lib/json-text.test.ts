import { describe, expect, test } from "vitest";
import { decodeString, type JsonDocument, type JsonNode, parseJson, rawOf, stepsOf } from "./json-text";
import { formatPointer } from "./pointer";

/** The tree as nested values: numbers and words as they were written, in `<>`. */
function shape(doc: JsonDocument, node: JsonNode | undefined = doc.root): unknown {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case "object":
      return node.children?.map((child) => [child.key, shape(doc, child)]);
    case "array":
      return node.children?.map((child) => shape(doc, child));
    case "string":
      return decodeString(rawOf(doc, node));
    default:
      return `<${rawOf(doc, node)}>`;
  }
}

const read = (text: string) => {
  const doc = parseJson(text);
  return { problem: doc.problem, shape: shape(doc) };
};

function* nodesOf(root: JsonNode | undefined): Generator<JsonNode> {
  const left = root === undefined ? [] : [root];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    yield node;
    left.push(...(node.children ?? []));
  }
}

describe("JSON is read", () => {
  test.each<[string, unknown]>([
    ["null", "<null>"],
    [" true ", "<true>"],
    ['""', ""],
    ["{}", []],
    ["[]", []],
    ["[[],{}]", [[], []]],
    ['{"a":{"b":[1,"x",false]}}', [["a", [["b", ["<1>", "x", "<false>"]]]]]],
    [
      '\ufeff \t\r\n{ "a" : 1 , "b" : 2 }\n',
      [
        ["a", "<1>"],
        ["b", "<2>"],
      ],
    ],
    ['{"":{"":1}}', [["", [["", "<1>"]]]]],
    [
      '{"__proto__":{"x":1},"constructor":2}',
      [
        ["__proto__", [["x", "<1>"]]],
        ["constructor", "<2>"],
      ],
    ],
  ])("%j", (text, expected) => {
    expect(read(text)).toEqual({ problem: undefined, shape: expected });
  });

  test.each([
    "9007199254740993",
    "-0",
    "0.10",
    "1e400",
    "-1.5E-999",
    "123456789012345678901234567890.123456789012345678901234567890",
    "1.0",
  ])("with the number %s as it was sent", (number) => {
    expect(read(`[${number}]`)).toEqual({ problem: undefined, shape: [`<${number}>`] });
  });

  test("with a number of 256 KiB", () => {
    const number = "9".repeat(256 * 1024);
    expect(read(`{"n":${number}}`).shape).toEqual([["n", `<${number}>`]]);
  });

  test("with all of the keys that come twice", () => {
    const doc = parseJson('{"a":1,"b":2,"a":3,"\\u0061":4,"c":{"a":5}}');
    expect(shape(doc)).toEqual([
      ["a", "<1>"],
      ["b", "<2>"],
      ["a", "<3>"],
      ["a", "<4>"],
      ["c", [["a", "<5>"]]],
    ]);
    expect(doc.root?.children?.map(({ isRepeated }) => isRepeated === true)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test("with where everything stands", () => {
    const text = '{"a": [10, {"b/c": "x"}], "d": null}';
    const doc = parseJson(text);
    const found = Object.fromEntries(
      [...nodesOf(doc.root)].map((node) => [formatPointer(stepsOf(node)), rawOf(doc, node)]),
    );
    expect(found).toEqual({
      "": text,
      "/a": '[10, {"b/c": "x"}]',
      "/a/0": "10",
      "/a/1": '{"b/c": "x"}',
      "/a/1/b~1c": '"x"',
      "/d": "null",
    });
    for (const node of nodesOf(doc.root)) expect(node.depth).toBe(stepsOf(node).length);
  });

  test("10,000 levels deep", () => {
    const depth = 10_000;
    const arrays = parseJson(`${"[".repeat(depth)}${"]".repeat(depth)}`);
    expect(arrays.problem).toBeUndefined();
    const objects = parseJson(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`);
    expect(objects.problem).toBeUndefined();
    let deepest = objects.root as JsonNode;
    while (deepest.children?.[0] !== undefined) deepest = deepest.children[0];
    expect(deepest.depth).toBe(depth);
    expect(formatPointer(stepsOf(deepest))).toBe("/a".repeat(depth));
  });

  test("100,000 values side by side", () => {
    const doc = parseJson(`[${"1,".repeat(99_999)}1]`);
    expect(doc.problem).toBeUndefined();
    expect(doc.root?.children).toHaveLength(100_000);
    expect(doc.root?.children?.at(-1)?.index).toBe(99_999);
  });

  test("with strings of 256 KiB, full of escapes", () => {
    const long = 'a"\\\n\u202e😀<b>\ud800'.repeat(25_000);
    expect(read(JSON.stringify({ long })).shape).toEqual([["long", long]]);
  });
});

describe("a string", () => {
  test.each([
    [String.raw`"\"\\\/\b\f\n\r\t"`, '"\\/\b\f\n\r\t'],
    [String.raw`"\u0041\u00e9\u65E5"`, "Aé日"],
    [String.raw`"\ud83d\ude00"`, "😀"],
    [String.raw`"\ud83d"`, "\ud83d"],
    [String.raw`"\ude00\ud83d"`, "\ude00\ud83d"],
    [String.raw`"\u0000\u202e"`, "\u0000\u202e"],
    [String.raw`"\\u0041"`, "\\u0041"],
    [String.raw`"\x41 \u12 \uZZZZ"`, "\\x41 \\u12 \\uZZZZ"],
    ['"<img src=x onerror=alert(1)>"', "<img src=x onerror=alert(1)>"],
    ['"raw\nline\ttab"', "raw\nline\ttab"],
    ['"שלום \u202eabc"', "שלום \u202eabc"],
  ])("%s", (raw, text) => {
    expect(decodeString(raw)).toBe(text);
    expect(read(`[${raw}]`)).toEqual({ problem: undefined, shape: [text] });
  });

  test("ends where it ends, after however many backslashes", () => {
    expect(read(String.raw`["a\\","b\\\"",""]`).shape).toEqual(["a\\", 'b\\"', ""]);
  });
});

describe("what is no JSON gives what was read, and where it ends", () => {
  test.each<[string, unknown, number, string]>([
    ["", undefined, 0, "a value"],
    ["   ", undefined, 3, "a value"],
    ["hello", undefined, 0, "a value"],
    ["<html>", undefined, 0, "a value"],
    ["]", undefined, 0, "a value"],
    ["NaN", undefined, 0, "a value"],
    ["'a'", undefined, 0, "a value"],
    ["+1", undefined, 0, "a value"],
    ["tru", undefined, 0, "a value"],
    ['"abc', undefined, 0, "a value"],
    ['"abc\\', undefined, 0, "a value"],
    ['"abc\\"', undefined, 0, "a value"],
    ["{", [], 1, "a key"],
    ["[", [], 1, "a value"],
    ["[1", ["<1>"], 2, '"," or "]"'],
    ["[1,", ["<1>"], 3, "a value"],
    ["[1,]", ["<1>"], 3, "a value"],
    ["[1 2]", ["<1>"], 3, '"," or "]"'],
    ["[1}", ["<1>"], 2, '"," or "]"'],
    ["[01]", ["<0>"], 2, '"," or "]"'],
    ["[1.]", ["<1>"], 2, '"," or "]"'],
    ['{"a"', [], 4, '":"'],
    ['{"a":', [], 5, "a value"],
    ['{"a":1,', [["a", "<1>"]], 7, "a key"],
    ['{"a":1,}', [["a", "<1>"]], 7, "a key"],
    ["{a:1}", [], 1, "a key"],
    ['{"a":{"b":[1,{"c":"cut of', [["a", [["b", ["<1>", []]]]]], 18, "a value"],
    ["{} {}", [], 3, "the end"],
    ["1 // one", "<1>", 2, "the end"],
    ["null\u0000", "<null>", 4, "the end"],
  ])("%j", (text, expected, at, wanted) => {
    expect(read(text)).toEqual({ problem: { at, expected: wanted }, shape: expected });
  });

  test("wherever a text breaks off, what was read ends before it", () => {
    const text = '{"a": [10, {"b": "x\\n"}], "a": -1.5e3, "d": [null, true], "e": {}}';
    for (let length = 0; length < text.length; length += 1) {
      const doc = parseJson(text.slice(0, length));
      expect(doc.problem?.at).toBeLessThanOrEqual(length);
      for (const node of nodesOf(doc.root)) expect(node.end).toBeLessThanOrEqual(length);
    }
  });

  test("a value in a member that failed has none of its key", () => {
    expect(read('[{"a":?},1]').shape).toEqual([[]]);
  });
});
