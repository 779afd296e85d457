/** The registered AI systems by id, as far as the first page goes: what is not among them is shown by its id. */
import { useMemo } from "react";
import { $api } from "@/api";

export type SystemNames = ReadonlyMap<string, string>;

const SYSTEMS_MAX = 500;

export function useSystemNames(): SystemNames {
  const { data } = $api.useQuery("get", "/api/v1/ai-systems", { params: { query: { limit: SYSTEMS_MAX } } });
  return useMemo(() => new Map(data?.items.map(({ ai_id, name }) => [ai_id, name])), [data]);
}
