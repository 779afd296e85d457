import { describe, expect, test } from "vitest";
import { isGoodPassword, passwordRules } from "./password-rules";

const ada = { email: "ada@example.com", name: "Ada Lovelace" };

describe("a password", () => {
  test.each([
    ["a quiet harbour", true],
    ["12345678", true],
    ["1234567", false],
    ["", false],
    ["ADA@example.com", false],
    ["ada lovelace", false],
    ["é".repeat(8), true],
    ["👩‍🚀".slice(0, 2).repeat(8), true],
    ["x".repeat(256), true],
    ["x".repeat(257), false],
  ])("%j is good: %s", (password, isGood) => {
    expect(isGoodPassword(password, ada)).toBe(isGood);
  });

  test("is held against nothing that is not known yet", () => {
    expect(isGoodPassword("a quiet harbour", {})).toBe(true);
  });

  test("that is missing meets no rule", () => {
    expect(passwordRules("", ada).some((rule) => rule.isMet)).toBe(false);
  });
});
