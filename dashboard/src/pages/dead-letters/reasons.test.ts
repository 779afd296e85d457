import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api";
import {
  explain,
  isPickable,
  isReason,
  LEFT_OUT_REASONS,
  leftOutText,
  REASONS,
  REDRIVES_MAX,
  toneOf,
  whyNot,
} from "./reasons";
import { words } from "./words";

const contract = JSON.parse(readFileSync("../contract/openapi.json", "utf8"));

function letter(of: Partial<Schemas["WholeDeadLetter"]> = {}): Schemas["WholeDeadLetter"] {
  return {
    id: "0-41",
    reason: "refused_by_store",
    detail: "the store refuses it",
    state: "open",
    at: "2026-11-21T02:59:32Z",
    topic: "aibbar.events",
    partition: 0,
    offset: 41,
    org_id: "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b",
    redrivable: true,
    redrives: 0,
    record: { event: {}, record: {} } as never,
    ...of,
  };
}

describe("reasons", () => {
  it("are all that the contract names", () => {
    const parameters: { name: string; schema: { pattern?: string } }[] =
      contract.paths["/api/v1/dead-letters"].get.parameters;
    const pattern = parameters.find(({ name }) => name === "reason")?.schema.pattern;
    expect(pattern).toBe(`^(${[...REASONS].sort().join("|")})$`);
  });

  it("are each explained, with something to do", () => {
    for (const reason of REASONS) {
      const { label, means, todo } = explain(reason);
      expect([label, means, ...todo].every((text) => text.length > 3)).toBe(true);
      expect(todo.length).toBeGreaterThan(0);
    }
    expect(new Set(REASONS.map((reason) => explain(reason).label)).size).toBe(REASONS.length);
  });

  it("that are unknown are said to be", () => {
    expect(isReason("made_up")).toBe(false);
    expect(isReason("toString")).toBe(false);
    expect(explain("made_up")).toBe(words.unknownReason);
    expect(toneOf("made_up")).toBe("neutral");
  });
});

describe("what can't be redriven", () => {
  it("says why", () => {
    expect(whyNot(letter())).toBeUndefined();
    const refused = (of: Partial<Schemas["WholeDeadLetter"]>) => whyNot(letter({ redrivable: false, ...of }));
    expect(refused({ reason: "event_id_conflict" })).toBe(words.leftOut.event_id_conflict);
    expect(refused({ redrives: REDRIVES_MAX })).toBe(words.leftOut.too_often);
    expect(refused({ org_id: null })).toBe(words.leftOut.nobodys_record);
    expect(refused({ reason: "not_a_record", record: null })).toBe(words.leftOut.no_record);
  });

  it("is told in the gateway's words where the page has none", () => {
    for (const reason of LEFT_OUT_REASONS)
      expect(leftOutText({ reason, detail: "x" })).toBe(words.leftOut[reason]);
    expect(leftOutText({ reason: "new_one", detail: "A sentence." })).toBe("A sentence.");
  });

  it("is not picked, and neither is what was redriven", () => {
    expect(isPickable(letter())).toBe(true);
    expect(isPickable(letter({ redrivable: false }))).toBe(false);
    expect(isPickable(letter({ state: "redriven" }))).toBe(false);
  });
});
