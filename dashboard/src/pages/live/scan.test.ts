import { describe, expect, it } from "vitest";
import { eachItem, eachMember, endOfValue, NotJson, stringAt } from "./scan";

/** The members as an ordinary parser would give them. */
function members(text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  eachMember(text, 0, (name, at) => {
    const end = endOfValue(text, at);
    found[name] = JSON.parse(text.slice(at, end));
    return end;
  });
  return found;
}

describe("the members of an object", () => {
  it.each<[string, object]>([
    ["none", {}],
    ["one", { a: 1 }],
    ["of every kind", { a: "", b: "x", c: null, d: true, e: -1.5e9 }],
    ["with quotes and slashes", { 'a"b': '"', "a\\": "\\", 'a\\\\"': '\\"' }],
    ["with brackets in strings", { a: { b: [1, { c: "]}" }], d: "{[" }, e: [] }],
    ["of other scripts", { 名前: "😀", "\u0000": "\u0001\n" }],
    ["deep within each other", { deep: JSON.parse("[".repeat(60) + "]".repeat(60)) }],
    ["long and full of quotes", { long: '\\"'.repeat(5_000) }],
  ])("are those that a parser finds: %s", (_, value) => {
    expect(members(JSON.stringify(value))).toEqual(value);
    expect(members(JSON.stringify(value, undefined, 3))).toEqual(value);
  });

  it("end where the object ends, whatever stands behind it", () => {
    const text = '{"a":{"b":"}"}} , {"c":1}';
    expect(eachMember(text, 0, (_, at) => endOfValue(text, at))).toBe(15);
  });
});

it("items are visited in their order", () => {
  const text = ' [1, "a,b" ,[2,3],{"c":[4]}]';
  const found: string[] = [];
  const end = eachItem(text, 0, (at) => {
    const behind = endOfValue(text, at);
    found.push(text.slice(at, behind));
    return behind;
  });
  expect(found).toEqual(["1", '"a,b"', "[2,3]", '{"c":[4]}']);
  expect(end).toBe(text.length);
});

it("a string's escapes are read", () => {
  const text = '"caf\\u00e9 \\"x\\""';
  expect(stringAt(text, 0, text.length)).toBe('café "x"');
});

it.each(["", "{", '{"a"', '{"a":', '{"a":1', '{"a":"x', '{"a" 1}', "[1]", '{"a":1 "b":2}', '{"a":"\\"}'])(
  "what is none is told: %s",
  (text) => expect(() => members(text)).toThrow(NotJson),
);
