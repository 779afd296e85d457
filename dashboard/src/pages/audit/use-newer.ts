/** Whether there are entries newer than the first that is loaded; asks for one entry now and then. */
import { $api } from "@/api";
import type { Entry } from "./entry";
import type { Parameters } from "./filter";

const EVERY_MS = 15_000;

export function useNewer(parameters: Parameters, first: Entry | undefined): boolean {
  // What has an end in the past gets nothing new.
  const isOpen = parameters.to === undefined && first !== undefined;
  const { data } = $api.useQuery(
    "get",
    "/api/v1/audit",
    { params: { query: { ...parameters, limit: 1 } } },
    { enabled: isOpen, refetchInterval: EVERY_MS, staleTime: 0 },
  );
  const newest = data?.items[0];
  return isOpen && newest !== undefined && newest.id > first.id;
}
