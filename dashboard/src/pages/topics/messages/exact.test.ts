import { describe, expect, it } from "vitest";
import { messageTexts } from "./exact";

const page = (...messages: string[]) => {
  const items = messages.map(
    (message, offset) => `{"topic":"t","partition":0,"offset":${offset},"message":${message}}`,
  );
  return `{"items":[${items.join(",")}],"next_cursor":"AgG","caught_up":true,"expired":false}`;
};

describe("the messages of a page", () => {
  it.each([
    "null",
    "true",
    "0",
    "12345678901234567890",
    "1e400",
    "-0.10",
    '""',
    '"a \\"quoted\\" text, with [brackets] and a \\\\"',
    '"\\\\"',
    "[]",
    "{}",
    '{"message":{"items":[{"message":"inner"}]}}',
    '{"a":1,"a":2}',
    '{"u":"\\u202e\\ud83d","n":"日本 😀"}',
    '[ 1 , { "x" : [ ] } ]',
  ])("are as they were written: %s", (text) => {
    expect(messageTexts(page(text))).toEqual([text]);
    expect(messageTexts(page("1", text, "[2]"))).toEqual(["1", text, "[2]"]);
  });

  it("are none of a page that is empty", () => {
    expect(messageTexts(page())).toEqual([]);
    expect(messageTexts("{}")).toEqual([]);
    expect(messageTexts(' { "next_cursor" : null , "items" : [ ] } ')).toEqual([]);
  });

  it("are found wherever white space and other members stand", () => {
    expect(
      messageTexts('{\n"x":"items",\n"items" : [\n {"message" : "a" , "key":"k"} ,\n{"key":"k"}\n]\n}'),
    ).toEqual(['"a"', "null"]);
  });

  it("may be nested deeper than a stack would bear", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(messageTexts(page(deep))).toEqual([deep]);
  });

  it("may have keys that are written with escapes", () => {
    expect(messageTexts('{"\\u0069tems":[{"mess\\u0061ge":7}]}')).toEqual(["7"]);
  });

  it("agree with a parser, whatever they are", () => {
    const values = [
      { a: [1, "]}", { b: '",' }], "\\": null },
      ["{", "\\", '"'],
      "\n\t\u0000",
      { "": { "": [] } },
    ];
    const texts = messageTexts(page(...values.map((value) => JSON.stringify(value))));
    expect(texts.map((text) => JSON.parse(text))).toEqual(values);
  });
});
