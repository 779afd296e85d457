import type { Schemas } from "@/api";
import { KINDS } from "./kinds";
import { words } from "./words";

/** What was found, in words: a kind of GAPIN's, or an own rule. */
export function labelOf(finding: Pick<Schemas["RedactionFinding"], "kind" | "rule">): string {
  if (finding.rule !== undefined) return words.ownRule(finding.rule);
  const kind = KINDS.find((known) => known === finding.kind);
  return kind === undefined ? finding.kind : words.kinds[kind].label;
}

/** Where it was found, in words. */
export function whereOf(finding: Pick<Schemas["RedactionFinding"], "pointer" | "in_key">): string {
  if (finding.pointer === "") return words.wholeText;
  return finding.in_key ? words.inKey(finding.pointer) : finding.pointer;
}
