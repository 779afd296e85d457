/** The sessions that a filter finds, step by step further back; the first step is looked at again by itself. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api";
import { type EventFilter, filterOf, type UrlFilter } from "./filter";
import { lookedAt, type Step, walkStep } from "./walk";

const REFRESH_MS = 10_000;
/** Where a step takes many pages, they are not read as often. */
const REFRESH_LONG_MS = 60_000;

interface Place {
  /** A range that counts back from now is fixed by its first step: the cursor is of these events. */
  filter: EventFilter;
  cursor: string | undefined;
}

interface PlacedStep extends Step {
  filter: EventFilter;
}

export function useSessions(url: UrlFilter) {
  const query = useInfiniteQuery({
    queryKey: ["sessions", url.range, url.ai, url.errors],
    initialPageParam: undefined as Place | undefined,
    queryFn: async ({ pageParam, signal }): Promise<PlacedStep> => {
      const { filter, cursor } = pageParam ?? { filter: filterOf(url, new Date()), cursor: undefined };
      const step = await walkStep(async (page) => {
        const { data } = await api.GET("/aibbar/events", {
          params: { query: { ...filter, ...page } },
          parseAs: "text",
          signal,
        });
        return data as unknown as string;
      }, cursor);
      return { ...step, filter };
    },
    getNextPageParam: ({ filter, next }): Place | undefined =>
      next === undefined ? undefined : { filter, cursor: next },
    // Of many steps, all would be read again every time.
    refetchInterval: ({ state }) => {
      const steps = state.data?.pages ?? [];
      if (steps.length > 1) return false;
      return (steps[0]?.pages ?? 1) > 1 ? REFRESH_LONG_MS : REFRESH_MS;
    },
    refetchOnWindowFocus: ({ state }) => (state.data?.pages.length ?? 0) <= 1,
    refetchOnReconnect: ({ state }) => (state.data?.pages.length ?? 0) <= 1,
  });
  const steps = query.data?.pages;
  const looked = useMemo(() => (steps === undefined ? undefined : lookedAt(steps)), [steps]);
  return { query, looked, filter: steps?.[0]?.filter };
}
