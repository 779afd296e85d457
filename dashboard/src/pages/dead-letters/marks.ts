/** What was hidden in a record, where it is shown: its list points into the event, and the record has the event in it. */
import { words } from "./words";

export interface Mark {
  pointer: string;
  label: string;
}

export function marksOf(record: object): Mark[] {
  const redactions = member(member(record, "record"), "redactions");
  if (!Array.isArray(redactions)) return [];
  return redactions.flatMap((one: unknown) => {
    const pointer = member(one, "pointer");
    const kind = member(one, "kind");
    const rule = member(one, "rule");
    if (typeof pointer !== "string" || typeof kind !== "string") return [];
    return [{ pointer: `/event${pointer}`, label: words.hidden(typeof rule === "string" ? rule : kind) }];
  });
}

function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? (of as Record<string, unknown>)[name] : undefined;
}
