/** What ids in the trail are called: keys, AI systems and members, as far as one page of each goes. */
import { useMemo } from "react";
import { $api, useSession } from "@/api";
import { detailOf, type Entry, type Names } from "./entry";

const NAMED_MAX = 500;
const SLOW = { staleTime: 60_000 };

export function useNames(entries: readonly Entry[]): Names {
  const { can } = useSession();
  const query = { params: { query: { limit: NAMED_MAX } } };
  const keys = $api.useQuery("get", "/api/v1/keys", query, { ...SLOW, enabled: can("keys:manage") });
  const systems = $api.useQuery("get", "/api/v1/ai-systems", query, { ...SLOW, enabled: can("events:read") });
  const members = $api.useQuery("get", "/users", query, { ...SLOW, enabled: can("members:read") });
  return useMemo(() => {
    const names = new Map<string, string>(namesTold(entries));
    for (const { id, name } of keys.data?.items ?? []) names.set(id, name);
    for (const { ai_id, name } of systems.data?.items ?? []) names.set(ai_id, name);
    for (const { id, email } of members.data?.items ?? []) names.set(id, email);
    return names;
  }, [entries, keys.data, systems.data, members.data]);
}

const NAMED = new Set(["api_key", "ai_system", "legal_hold", "organisation", "view"]);

/** Names that the trail itself tells, of what is gone too; the newest counts. */
export function namesTold(entries: readonly Entry[]): [string, string][] {
  return [...entries].reverse().flatMap((entry): [string, string][] => {
    const { name, email } = detailOf(entry);
    const { kind, id } = entry.target;
    if (NAMED.has(kind) && typeof name === "string" && name !== "") return [[id, name]];
    if (kind === "user" && typeof email === "string" && email !== "") return [[id, email]];
    if (kind === "invitation" && typeof email === "string" && email !== "") return [[id, email]];
    return [];
  });
}
