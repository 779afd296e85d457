import { describe, expect, it } from "vitest";
import { bodyOf, curlOf, messageFault, testFaults } from "./publish";

const draft = { message: '{"id": 7}', key: "", apiKey: "sk_abc" };

describe("a test message", () => {
  it.each(['{"id": 7}', "[]", '"text"', "0", "false", " 12345678901234567890 "])("may be %s", (message) => {
    expect(testFaults({ ...draft, message }, false)).toEqual({});
  });

  it.each(["", "  ", "{", "{id: 7}", "undefined", "NaN", "{} {}", "'a'"])("may not be %j", (message) => {
    expect(Object.keys(testFaults({ ...draft, message }, false))).toEqual(["message"]);
  });

  it("is null where a key is to be deleted, and nowhere else", () => {
    expect(messageFault("null", false)).toBeDefined();
    expect(messageFault("null", true)).toBeUndefined();
  });

  it("has 256 KiB at most, counted in bytes", () => {
    const text = (chars: string, count: number) => JSON.stringify(chars.repeat(count));
    expect(messageFault(text("a", 256 * 1024 - 2), false)).toBeUndefined();
    expect(messageFault(text("a", 256 * 1024 - 1), false)).toBeDefined();
    expect(messageFault(text("ä", 128 * 1024), false)).toBeDefined();
  });

  it("has a key where the topic is compacted", () => {
    expect(testFaults(draft, true)).toHaveProperty("key");
    expect(testFaults({ ...draft, key: "k" }, true)).toEqual({});
  });

  it("has a key of 1,024 bytes at most", () => {
    expect(testFaults({ ...draft, key: "ä".repeat(512) }, false)).toEqual({});
    expect(testFaults({ ...draft, key: "ä".repeat(513) }, false)).toHaveProperty("key");
  });

  it("is published with an API key", () => {
    expect(testFaults({ ...draft, apiKey: "" }, false)).toHaveProperty("apiKey");
    expect(testFaults({ ...draft, apiKey: "eyJ.a.b" }, false)).toHaveProperty("apiKey");
    expect(testFaults({ ...draft, apiKey: " sk_x " }, false)).toEqual({});
  });
});

describe("the body", () => {
  it("has the message as it was typed", () => {
    expect(bodyOf("orders", { message: ' {"n": 12345678901234567890} ', key: "" })).toBe(
      '{"topic":"orders","message":{"n": 12345678901234567890}}',
    );
  });

  it("is sound JSON whatever the key is", () => {
    const key = '"},"x":"\n\u202e';
    expect(JSON.parse(bodyOf("orders", { message: "1", key }))).toEqual({ topic: "orders", key, message: 1 });
  });
});

it("in a terminal nothing of the message is run", () => {
  const body = bodyOf("orders", { message: `{"a": "it's $(id) \`id\`"}`, key: "" });
  expect(curlOf("https://gapin.example", body)).toContain(
    `-d '{"topic":"orders","message":{"a": "it'\\''s $(id) \`id\`"}}'`,
  );
});
