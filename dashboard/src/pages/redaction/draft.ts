/** The settings as they stand on the page: what differs from what is saved, and what that means. */
import type { Schemas } from "@/api";
import { utf8Bytes } from "@/lib/text";
import { defaultMode, KINDS, type Kind, type Mode } from "./kinds";
import { words } from "./words";

/** Own rules of one organisation, and the bounds of one: the gateway's. */
export const RULES_MAX = 32;
export const RULE_BYTES_MAX = 512;

export interface Rule {
  name: string;
  pattern?: string | undefined;
  pointer?: string | undefined;
  mode: Mode;
}

export interface Draft {
  modes: Record<Kind, Mode>;
  rules: readonly Rule[];
}

export interface Change {
  text: string;
  /** Something that was hidden is not any more. */
  weakens: boolean;
}

export function draftOf(saved: Schemas["Redaction"]): Draft {
  const modes = Object.fromEntries(KINDS.map((kind) => [kind, saved.modes[kind] ?? defaultMode(kind)]));
  return { modes: modes as Record<Kind, Mode>, rules: saved.rules.map(ruleOf) };
}

export function settingsOf(draft: Draft): Schemas["RedactionSettings"] {
  return { modes: draft.modes, rules: draft.rules.map(settingsOfRule) };
}

export function settingsOfRule({ name, pattern, pointer, mode }: Rule): Schemas["RedactionRule"] {
  return pointer === undefined ? { name, pattern: pattern ?? "", mode } : { name, pointer, mode };
}

function ruleOf(rule: Schemas["RedactionRule"]): Rule {
  const { name, pattern, pointer, mode = "mask" } = rule;
  return pointer === undefined ? { name, pattern, mode } : { name, pointer, mode };
}

/** What was changed, in words, one sentence each. */
export function changes(before: Draft, after: Draft): Change[] {
  return [...modeChanges(before, after), ...ruleChanges(before.rules, after.rules)];
}

function modeChanges(before: Draft, after: Draft): Change[] {
  return KINDS.filter((kind) => before.modes[kind] !== after.modes[kind]).map((kind) => ({
    text: words.changes.mode(words.kinds[kind].label, label(before.modes[kind]), label(after.modes[kind])),
    weakens: after.modes[kind] === "off",
  }));
}

function ruleChanges(before: readonly Rule[], after: readonly Rule[]): Change[] {
  const found: Change[] = [];
  const gone = before.filter((rule) => !named(after, rule.name));
  const added = after.filter((rule) => !named(before, rule.name));
  const renamed = new Map<string, string>();
  for (const rule of added) {
    const old = gone.find(
      (other) => findsTheSame(other, rule) && ![...renamed.values()].includes(other.name),
    );
    if (old === undefined) {
      found.push({ text: words.changes.ruleAdded(rule.name), weakens: false });
      continue;
    }
    renamed.set(rule.name, old.name);
    found.push({ text: words.changes.ruleRenamed(old.name, rule.name), weakens: false });
    found.push(...changesOfRule(old, rule));
  }
  for (const rule of gone) {
    if ([...renamed.values()].includes(rule.name)) continue;
    found.push({ text: words.changes.ruleRemoved(rule.name), weakens: rule.mode !== "off" });
  }
  for (const rule of after) {
    const old = named(before, rule.name);
    if (old !== undefined) found.push(...changesOfRule(old, rule));
  }
  const order = after
    .map((rule) => renamed.get(rule.name) ?? rule.name)
    .filter((name) => named(before, name));
  const orderBefore = before.map((rule) => rule.name).filter((name) => order.includes(name));
  if (order.some((name, at) => name !== orderBefore[at]))
    found.push({ text: words.changes.order, weakens: false });
  return found;
}

function changesOfRule(old: Rule, rule: Rule): Change[] {
  const found: Change[] = [];
  if (!findsTheSame(old, rule)) found.push({ text: words.changes.ruleFinds(rule.name), weakens: false });
  if (old.mode !== rule.mode) {
    const text = words.changes.ruleMode(rule.name, label(old.mode), label(rule.mode));
    found.push({ text, weakens: rule.mode === "off" });
  }
  return found;
}

function named(rules: readonly Rule[], name: string): Rule | undefined {
  return rules.find((rule) => rule.name === name);
}

function findsTheSame(one: Rule, other: Rule): boolean {
  return one.pattern === other.pattern && one.pointer === other.pointer;
}

function label(mode: Mode): string {
  return words.modes[mode].label;
}

/** What is wrong with a rule, as far as one can tell without the gateway: it alone knows expressions and places. */
export interface RuleFaults {
  name?: string;
  pattern?: string;
  pointer?: string;
}

export function ruleFaults(rule: Rule, others: readonly Rule[]): RuleFaults {
  const faults: RuleFaults = {};
  if (rule.name === "") faults.name = words.nameMissing;
  else if (!/^[a-z0-9_]{1,32}$/.test(rule.name)) faults.name = words.nameWrong;
  else if (named(others, rule.name)) faults.name = words.nameTaken;
  if (rule.pointer !== undefined) {
    if (rule.pointer === "") faults.pointer = words.pointerMissing;
    else if (utf8Bytes(rule.pointer) > RULE_BYTES_MAX) faults.pointer = words.tooLong;
  } else if (!rule.pattern) faults.pattern = words.patternMissing;
  else if (utf8Bytes(rule.pattern) > RULE_BYTES_MAX) faults.pattern = words.tooLong;
  return faults;
}

/** What the gateway says of own rules, by their number in the list. */
export function faultsByRule(faults: readonly Schemas["Fault"][]): Map<number, RuleFaults> {
  const found = new Map<number, RuleFaults>();
  for (const { pointer, detail } of faults) {
    const place = /^(?:\/settings)?\/rules\/(\d+)(?:\/(name|pattern|pointer))?/.exec(pointer);
    if (place === null) continue;
    const at = Number(place[1]);
    const member = (place[2] ?? "name") as keyof RuleFaults;
    const told = found.get(at) ?? {};
    found.set(at, {
      ...told,
      [member]: told[member] === undefined ? sentence(detail) : `${told[member]} ${sentence(detail)}`,
    });
  }
  return found;
}

/** The gateway's details are said of the place: "is no regular expression: …". */
function sentence(detail: string): string {
  const text = `It ${detail}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The same rules with one of them elsewhere. */
export function moved(rules: readonly Rule[], from: number, to: number): Rule[] {
  const next = [...rules];
  const [rule] = next.splice(from, 1);
  if (rule !== undefined) next.splice(to, 0, rule);
  return next;
}
