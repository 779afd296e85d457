import { describe, expect, it } from "vitest";
import { CHARS_MAX, rulesOf } from "./password-rules";

const owner = { email: "ada@example.com", name: "Ada Lovelace" };
const unmet = (password: string, current = "until now") =>
  rulesOf(password, current, owner)
    .filter(({ isMet }) => !isMet)
    .map(({ text }) => text);

describe("a new password", () => {
  it("meets all of it when it is long and nobody's name", () => {
    expect(unmet("a quiet harbour")).toEqual([]);
    expect(unmet("äöüßäöüß")).toEqual([]);
  });

  it("meets nothing while it is not there", () => {
    expect(unmet("")).toHaveLength(4);
  });

  it("is told how much is missing, in characters and not in bytes", () => {
    expect(unmet("harbour")).toEqual(["has at least 8 characters, 1 more to go"]);
    expect(unmet("👍👎👍")).toEqual(["has at least 8 characters, 5 more to go"]);
    expect(unmet("ab".repeat(CHARS_MAX / 2))).toEqual([]);
    expect(unmet(`${"ab".repeat(CHARS_MAX / 2)}c`)).toEqual(["has at least 8 characters, at most 256"]);
  });

  it("is none of the person's names", () => {
    for (const password of ["ada@example.com", " ADA@Example.com", "ada lovelace"]) {
      expect(unmet(password)).toEqual(["is not your e-mail address or your name"]);
    }
    expect(rulesOf("somebody", "x", { email: "somebody@example.com", name: "S" })[1]?.isMet).toBe(false);
  });

  it("is another one, and more than one character", () => {
    expect(unmet("until now")).toEqual(["is another one than now"]);
    expect(unmet("zzzzzzzzzz")).toEqual(["is not one character again and again"]);
  });
});
