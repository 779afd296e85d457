import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api";
import {
  changes,
  type Draft,
  draftOf,
  faultsByRule,
  moved,
  type Rule,
  ruleFaults,
  settingsOf,
} from "./draft";
import { words } from "./words";

const saved: Schemas["Redaction"] = {
  modes: { email: "pseudonym" },
  rules: [
    { name: "employee", pattern: "EMP-[0-9]{6}", mode: "pseudonym" },
    { name: "user", pointer: "/metadata/user_id" },
  ],
  redaction_rules: "2+org.7",
  version: 7,
};
const base = draftOf(saved);
const [employee, user] = base.rules as [Rule, Rule];
const texts = (draft: Draft) => changes(base, draft).map(({ text }) => text);
const weakening = (draft: Draft) => changes(base, draft).filter(({ weakens }) => weakens).length;

describe("a draft", () => {
  it("names every kind, and gives a rule that says no mode its default", () => {
    expect(base.modes).toMatchObject({ email: "pseudonym", phone: "mask", ip_address: "off" });
    expect(user).toEqual({ name: "user", pointer: "/metadata/user_id", mode: "mask" });
  });

  it("is sent back whole, with a pattern or a pointer and never both", () => {
    expect(settingsOf(base)).toEqual({
      modes: base.modes,
      rules: [
        { name: "employee", pattern: "EMP-[0-9]{6}", mode: "pseudonym" },
        { name: "user", pointer: "/metadata/user_id", mode: "mask" },
      ],
    });
  });
});

describe("what is not saved", () => {
  it("is nothing while all is as it was", () => {
    expect(changes(base, draftOf(saved))).toEqual([]);
    expect(changes(base, { ...base, modes: { ...base.modes } })).toEqual([]);
  });

  it("tells each mode that was changed, and whether less is hidden", () => {
    const draft = { ...base, modes: { ...base.modes, email: "off", phone: "pseudonym" } as Draft["modes"] };
    expect(texts(draft)).toEqual([
      "E-mail addresses: Pseudonym → Off",
      "Telephone numbers: Mask → Pseudonym",
    ]);
    expect(weakening(draft)).toBe(1);
  });

  it("tells rules that came and went", () => {
    const ticket: Rule = { name: "ticket", pattern: "TCK-[0-9]{4}", mode: "mask" };
    expect(texts({ ...base, rules: [employee, user, ticket] })).toEqual(["Rule ticket is added"]);
    expect(texts({ ...base, rules: [user] })).toEqual(["Rule employee is removed"]);
    expect(weakening({ ...base, rules: [user] })).toBe(1);
    expect(weakening({ ...base, rules: [employee, user, ticket] })).toBe(0);
  });

  it("tells a rule of another name from one that went and one that came", () => {
    const staff = { ...employee, name: "staff" };
    expect(texts({ ...base, rules: [staff, user] })).toEqual(["Rule employee is called staff"]);
    expect(texts({ ...base, rules: [{ ...staff, mode: "off" }, user] })).toEqual([
      "Rule employee is called staff",
      "Rule staff: Pseudonym → Off",
    ]);
  });

  it("takes one rule for renamed once alone", () => {
    const twice = [{ ...employee, name: "a" }, { ...employee, name: "b" }, user];
    expect(texts({ ...base, rules: twice })).toEqual(["Rule employee is called a", "Rule b is added"]);
  });

  it("tells what a rule finds now, and what becomes of it", () => {
    expect(texts({ ...base, rules: [{ ...employee, pattern: "E-[0-9]{6}" }, user] })).toEqual([
      "Rule employee finds something else",
    ]);
    const off: Draft = { ...base, rules: [employee, { ...user, mode: "off" }] };
    expect(texts(off)).toEqual(["Rule user: Mask → Off"]);
    expect(weakening(off)).toBe(1);
  });

  it("tells another order, and not that of rules which came or went", () => {
    expect(texts({ ...base, rules: [user, employee] })).toEqual([words.changes.order]);
    const first: Rule = { name: "first", pattern: "AAAA", mode: "mask" };
    expect(texts({ ...base, rules: [first, employee, user] })).toEqual(["Rule first is added"]);
    expect(texts({ ...base, rules: [user, { ...employee, name: "staff" }] })).toEqual([
      "Rule employee is called staff",
      words.changes.order,
    ]);
  });
});

describe("a rule", () => {
  const fault = (of: Partial<Rule>, others: Rule[] = [user]) =>
    ruleFaults({ name: "ticket", pattern: "TCK-[0-9]{4}", mode: "mask", ...of }, others);

  it("is good with a name of its own and something to find", () => {
    expect(fault({})).toEqual({});
    expect(fault({ pattern: undefined, pointer: "/a/*/b" })).toEqual({});
    expect(fault({ name: "a".repeat(32) })).toEqual({});
  });

  it("is told what is wrong with its name", () => {
    expect(fault({ name: "" })).toEqual({ name: words.nameMissing });
    for (const name of ["Ticket", "tic ket", "tické", "a".repeat(33), "a-b"]) {
      expect(fault({ name })).toEqual({ name: words.nameWrong });
    }
    expect(fault({ name: "user" })).toEqual({ name: words.nameTaken });
  });

  it("is told what is missing or too long", () => {
    expect(fault({ pattern: "" })).toEqual({ pattern: words.patternMissing });
    expect(fault({ pattern: undefined, pointer: "" })).toEqual({ pointer: words.pointerMissing });
    expect(fault({ pattern: "ä".repeat(257) })).toEqual({ pattern: words.tooLong });
    expect(fault({ pattern: "ä".repeat(256) })).toEqual({});
    expect(fault({ pattern: undefined, pointer: `/${"a".repeat(512)}` })).toEqual({ pointer: words.tooLong });
  });
});

describe("what the gateway says", () => {
  it("is told at the rule and the field that it is about", () => {
    const faults = [
      { pointer: "/rules/1/pattern", code: "pattern", detail: "can match 0 bytes" },
      { pointer: "/settings/rules/0/name", code: "unique", detail: "is the name of another rule too" },
      { pointer: "/rules/1/pattern", code: "pattern", detail: "is too large." },
      { pointer: "/rules/2", code: "one_of", detail: "needs either" },
      { pointer: "/modes/email", code: "enum", detail: "is none" },
    ];
    expect([...faultsByRule(faults)]).toEqual([
      [1, { pattern: "It can match 0 bytes. It is too large." }],
      [0, { name: "It is the name of another rule too." }],
      [2, { name: "It needs either." }],
    ]);
  });
});

it("a rule that is moved leaves the others in their order", () => {
  const named = (names: string) => [...names].map((name): Rule => ({ name, pattern: "AAAA", mode: "mask" }));
  const order = (from: number, to: number) =>
    moved(named("abcd"), from, to)
      .map(({ name }) => name)
      .join("");
  expect([order(0, 1), order(3, 2), order(2, 0), order(0, 3), order(1, 1)]).toEqual([
    "bacd",
    "abdc",
    "cabd",
    "bcda",
    "abcd",
  ]);
});
