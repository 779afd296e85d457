import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { canonical, command, exampleEvent, shellQuoted, sign } from "./example";

const keys = { apiKey: "sk_key", keyId: "main", secret: "ss_a secret" };

describe("the canonical form", () => {
  test.each([
    [{ b: 1, a: "x" }, '{"a":"x","b":1}'],
    [{ a: [{ d: true, c: null }], "": 0.97 }, '{"":0.97,"a":[{"c":null,"d":true}]}'],
    [{ "€": 1, "\r": 2, "😀": 3, "\ufb33": 4 }, '{"\\r":2,"€":1,"😀":3,"\ufb33":4}'],
    [{ a: undefined }, "{}"],
  ])("of %j", (value, text) => {
    expect(canonical(value)).toBe(text);
  });
});

test("a signature is the HMAC-SHA256 of the text", async () => {
  expect(await sign("a text, ä", "ss_1")).toBe(
    createHmac("sha256", "ss_1").update("a text, ä").digest("hex"),
  );
});

test("the event is signed over all of it but the signature, and is what the schema asks for", async () => {
  const { text } = await exampleEvent(keys, "0198f2c0-0000-7000-8000-000000000001", "s-1", new Date(0));
  const { signature, ...signed } = JSON.parse(text) as Record<string, unknown>;
  expect(signature).toBe(createHmac("sha256", keys.secret).update(canonical(signed)).digest("hex"));
  const schema = JSON.parse(readFileSync("../contract/aibbar-event.schema.json", "utf8")) as {
    required: string[];
    properties: Record<string, unknown>;
  };
  expect(Object.keys(JSON.parse(text) as object)).toEqual(expect.arrayContaining(schema.required));
  for (const name of Object.keys(signed)) expect(schema.properties).toHaveProperty(name);
});

test("what is quoted for a shell is what the shell hands on", () => {
  const text = `it's "one" $HOME \`x\` \\ ''`;
  expect(execFileSync("sh", ["-c", `printf %s ${shellQuoted(text)}`]).toString()).toBe(text);
});

test.each(["python", "typescript", "rust"] as const)("the command for %s names every key", (language) => {
  const text = command(language, "http://localhost:8080", keys, undefined);
  for (const part of [
    "GAPIN_URL=http://localhost:8080",
    "sk_key",
    "GAPIN_SIGNING_KEY_ID=main",
    "ss_a secret",
  ]) {
    expect(text).toContain(part);
  }
});

test("the SDKs know the names of the settings that the commands use", () => {
  const read = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(py|ts|rs)$/.test(entry.name))
      .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8"))
      .join("\n");
  for (const folder of ["../sdk-python/src", "../sdk-js/src", "../sdk-rust/src"]) {
    const source = read(folder);
    for (const name of ["GAPIN_URL", "GAPIN_API_KEY", "GAPIN_SIGNING_KEY_ID", "GAPIN_SIGNING_SECRET"]) {
      expect(source).toContain(name);
    }
  }
});
