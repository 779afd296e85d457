import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { defaultMode, KINDS, MODES, standIn } from "./kinds";
import { words } from "./words";

const { schemas } = JSON.parse(readFileSync("../contract/openapi.json", "utf8")).components;

it("every kind and every mode of the contract has its switch and its words", () => {
  expect([...KINDS].sort()).toEqual(Object.keys(schemas.RedactionModes.properties).sort());
  expect([...MODES].sort()).toEqual([...schemas.RedactionMode.enum].sort());
  for (const kind of KINDS) expect(Object.values(words.kinds[kind]).every((text) => text !== "")).toBe(true);
  for (const mode of MODES) expect(Object.values(words.modes[mode]).every((text) => text !== "")).toBe(true);
});

it("only addresses of the network are left alone where nothing is said", () => {
  expect(KINDS.filter((kind) => defaultMode(kind) === "off")).toEqual(["ip_address"]);
});

it("shows what would stand in a record", () => {
  expect(standIn("email", "mask")).toBe("[REDACTED:email]");
  expect(standIn("credit_card", "pseudonym")).toMatch(/^\[CREDIT_CARD:[a-z2-7]{20}\]$/);
  expect(standIn("iban", "off")).toBeUndefined();
});
