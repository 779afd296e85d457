/** What was typed, as entries: where each id leads. */
import { Cpu, FileWarning, KeyRound, Radio, Rows3, Search, Waypoints } from "lucide-react";
import type { Scope } from "@/api";
import type { Entry } from "./entry";
import { isCertain, type Recognised, recognise } from "./recognise";
import { words } from "./words";

/** Those that are ids for sure stand first, the others after the names that answer. */
export function pasted(
  typed: string,
  may: (scope: Scope) => boolean,
): { certain: Entry[]; possible: Entry[] } {
  const certain: Entry[] = [];
  const possible: Entry[] = [];
  for (const found of recognise(typed)) {
    if (may(scopeOf(found))) (isCertain(found) ? certain : possible).push(entryOf(found));
  }
  return { certain, possible };
}

function scopeOf({ kind }: Recognised): Scope {
  if (kind === "key") return "keys:manage";
  return kind === "dead-letter" ? "topics:manage" : "events:read";
}

function entryOf(found: Recognised): Entry {
  const { kind, text } = found;
  const base = { id: `pasted ${kind}`, group: "pasted" } as const;
  switch (kind) {
    case "event":
      return {
        ...base,
        label: words.event(text),
        icon: Radio,
        run: { to: "/event/$id", params: { id: text } },
      };
    case "session":
      return {
        ...base,
        label: words.eventsOfSession(text),
        icon: Rows3,
        run: { to: "/sessions/$id", params: { id: text } },
      };
    case "request":
      return {
        ...base,
        label: words.eventsOfRequest(text),
        icon: Waypoints,
        run: { to: "/live", search: { request: text } },
      };
    case "ai-system":
      return {
        ...base,
        label: words.aiSystem(text),
        icon: Cpu,
        run: { to: "/ai-systems/$id", params: { id: text } },
      };
    case "dead-letter":
      return {
        ...base,
        label: words.deadLetter(text),
        icon: FileWarning,
        run: { to: "/dead-letters/$id", params: { id: text } },
      };
    case "search":
      return {
        ...base,
        label: words.searchEvents(text),
        icon: Search,
        run: { to: "/live", search: { q: text } },
      };
    case "key":
      return {
        ...base,
        label: words.keyBeginning(text),
        hint: words.keyBeginningHint,
        icon: KeyRound,
        run: { to: "/keys", search: { q: text } },
      };
  }
}
