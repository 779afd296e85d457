import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell";

test("what needs no quotes has none", () => {
  expect(shellWord("ada@example.com")).toBe("ada@example.com");
  expect(shellWord("0f8fad5b-d9cb-469f-a165-70867728950e")).toBe("0f8fad5b-d9cb-469f-a165-70867728950e");
});

test.each([
  "",
  "two words",
  "o'brien",
  "; echo hacked",
  "$(id)",
  "`id`",
  '"',
  "*",
  "a\nb",
  "~",
  "!!",
  "<b>",
  "\\",
  "#x",
])("a shell reads %j as what it is", (text) => {
  expect(execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
});
