/** The registered AI systems by id, as far as one page goes: what is not among them is shown by its id. */
import { useMemo } from "react";
import { $api } from "@/api";

export type SystemNames = ReadonlyMap<string, string>;

const SYSTEMS_MAX = 500;
const NAMES_ARE_GOOD_MS = 60_000;

export function useSystemNames(): SystemNames {
  const query = { params: { query: { limit: SYSTEMS_MAX } } };
  const { data } = $api.useQuery("get", "/api/v1/ai-systems", query, { staleTime: NAMES_ARE_GOOD_MS });
  return useMemo(() => new Map(data?.items.map(({ ai_id, name }) => [ai_id.toLowerCase(), name])), [data]);
}

/** What people call it, or as much of its id as tells it from others. */
export function systemName(names: SystemNames, aiId: string): string {
  return names.get(aiId.toLowerCase()) ?? aiId;
}
