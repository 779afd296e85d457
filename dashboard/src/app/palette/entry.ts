import type { LucideIcon } from "lucide-react";
import type { LinkTarget } from "@/ui";
import { score } from "./match";
import type { words } from "./words";

export type GroupName = keyof typeof words.groups;

/** One line of the palette: what it is called, and where it leads or what it does. */
export interface Entry {
  id: string;
  group: GroupName;
  label: string;
  /** Beside the label, and searched too: a prefix, an id. */
  hint?: string;
  /** What else it is called; searched, and not shown. */
  alsoCalled?: string;
  icon: LucideIcon;
  /** The shortcut that does the same. */
  keys?: string;
  run: LinkTarget | (() => void);
}

export interface EntryGroup {
  name: GroupName;
  items: Entry[];
}

/** The most of one group once something is typed: what is further down is found by typing more. */
export const ITEMS_MAX = 6;

interface Ranked {
  entry: Entry;
  score: number;
}

/** What answers a query: the best of each group, and the group with the best of all first. Without one all in their order. */
export function rank(query: string, entries: readonly Entry[]): EntryGroup[] {
  const groups = new Map<GroupName, Ranked[]>();
  for (const entry of entries) {
    const found = score(query, entry.label, `${entry.alsoCalled ?? ""} ${entry.hint ?? ""}`);
    if (found === undefined) continue;
    const others = groups.get(entry.group);
    if (others) others.push({ entry, score: found });
    else groups.set(entry.group, [{ entry, score: found }]);
  }
  const isTyped = query.trim() !== "";
  const ranked = [...groups].map(([name, items]) => {
    const sorted = [...items].sort((a, b) => b.score - a.score);
    return { name, best: sorted[0]?.score ?? 0, items: isTyped ? sorted.slice(0, ITEMS_MAX) : sorted };
  });
  return ranked
    .sort((a, b) => b.best - a.best)
    .map(({ name, items }) => ({ name, items: items.map(({ entry }) => entry) }));
}
