import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Schemas } from "@/api";
import { isScope, SCOPE_TEXTS, SCOPES, type ScopeName } from "@/lib/scopes";

/** The contract's own list, as the gateway writes it. */
const contract = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../../contract/openapi.json"), "utf8"),
);
const inContract: string[] = contract.components.schemas.Scope.enum;

/** Both directions: a scope more in either is an error of types. */
const _same: ScopeName extends Schemas["Scope"]
  ? Schemas["Scope"] extends ScopeName
    ? true
    : never
  : never = true;

test("every scope of the contract is explained, and none that is not there", () => {
  expect([...SCOPES].sort()).toEqual([...inContract].sort());
  expect(_same).toBe(true);
});

test.each(SCOPES)("%s says what it is for in a sentence", (scope) => {
  const { label, hint } = SCOPE_TEXTS[scope];
  expect(label).toMatch(/^[A-Z]/);
  expect(hint).toMatch(/^[A-Z].*\.$/);
});

test("a word that every object knows is no scope", () => {
  expect(isScope("events:read")).toBe(true);
  expect(isScope("toString")).toBe(false);
  expect(isScope("")).toBe(false);
});
