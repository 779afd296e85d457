import { expect, test } from "vitest";
import { safeReturnTo } from "./return-to";

test.each([
  ["/live?type=ai.error#x", "/live?type=ai.error#x"],
  ["/topics/orders", "/topics/orders"],
  ["/loginless", "/loginless"],
])("%s is gone to", (asked, path) => {
  expect(safeReturnTo(asked)).toBe(path);
});

test.each([
  undefined,
  "",
  "live",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "https://evil.example/",
  "javascript:alert(1)",
  "/login",
  "/login?return_to=/login",
  "/verify-email?token=x",
])("%s is not", (asked) => {
  expect(safeReturnTo(asked)).toBe("/");
});
