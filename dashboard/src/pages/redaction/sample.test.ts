import { describe, expect, it } from "vitest";
import { example, isSampleKind, read, SAMPLE_BYTES_MAX, SAMPLE_KINDS } from "./sample";
import { words } from "./words";

describe("a sample", () => {
  it("is asked for as what it is", () => {
    expect(read("text", '{"a":1}')).toEqual({ body: { text: '{"a":1}' } });
    expect(read("value", '{"a":1}')).toEqual({ body: { value: { a: 1 } } });
    expect(read("value", "false")).toEqual({ body: { value: false } });
    expect(read("event", '{"a":1}')).toEqual({ body: { event: { a: 1 } } });
  });

  it("of nothing asks nothing", () => {
    for (const kind of SAMPLE_KINDS) expect(read(kind, " \n")).toEqual({ isEmpty: true });
    expect(read("value", "null")).toEqual({ isEmpty: true });
  });

  it("says what is wrong with it", () => {
    expect(read("value", "{")).toEqual({ error: expect.stringContaining("This is no JSON yet: ") });
    for (const text of ["[]", "null", "1"]) expect(read("event", text)).toEqual({ error: words.notAnObject });
  });

  it("is bounded in the bytes that are sent", () => {
    const wrapped = '{"text":""}'.length;
    expect(read("text", "a".repeat(SAMPLE_BYTES_MAX - wrapped))).toHaveProperty("body");
    expect(read("text", "a".repeat(SAMPLE_BYTES_MAX - wrapped + 1))).toHaveProperty("error");
    expect(read("text", "\n".repeat(SAMPLE_BYTES_MAX / 2))).toEqual({ isEmpty: true });
    expect(read("text", '"'.repeat(SAMPLE_BYTES_MAX / 2))).toHaveProperty("error");
    expect(read("value", `"${"ä".repeat(SAMPLE_BYTES_MAX / 2)}"`)).toHaveProperty("error");
  });

  it("that is offered as an example can be read, and has the same in every form", () => {
    for (const kind of SAMPLE_KINDS) {
      expect(read(kind, example(kind))).toHaveProperty("body");
      for (const one of ["ann@example.com", "536-22-1234", "203.0.113.7"])
        expect(example(kind)).toContain(one);
    }
  });

  it("has one of the kinds that there are", () => {
    expect(isSampleKind("event")).toBe(true);
    expect(isSampleKind("toString")).toBe(false);
  });
});
