/** The groups of the organisation's topics: there is no route that tells of all at once, so topics are asked one by one. */
import { useQueries } from "@tanstack/react-query";
import { $api } from "@/api";
import { byWaiting, type GroupLag, lagOf, topicsToAsk } from "./lag";
import { REFRESH_MS } from "./use-metrics";

/** A topic that nobody reads is seldom read a moment later. */
const UNREAD_REFRESH_MS = 60_000;
const GROUPS_LIMIT = 100;

export interface Lags {
  lags: GroupLag[];
  asked: number;
  topics: number;
  isPending: boolean;
  error: unknown;
  retry(): void;
}

export function useLags(busiest: readonly string[]): Lags {
  const topics = $api.useQuery(
    "get",
    "/api/v1/topics",
    { params: { query: { limit: 500 } } },
    { staleTime: 60_000 },
  );
  const names = topics.data?.items.map(({ name }) => name) ?? [];
  const asked = topicsToAsk(names, busiest);
  const groups = useQueries({
    queries: asked.map((name) => ({
      ...$api.queryOptions("get", "/api/v1/topics/{name}/consumers", {
        params: { path: { name }, query: { limit: GROUPS_LIMIT } },
      }),
      refetchInterval: (query: { state: { data?: { items: unknown[] } } }) =>
        query.state.data?.items.length === 0 ? UNREAD_REFRESH_MS : REFRESH_MS,
    })),
  });
  const lags = groups.flatMap(
    ({ data }, i) => data?.items.map((group) => lagOf(asked[i] ?? "", group)) ?? [],
  );
  const failed = [topics, ...groups].find(({ error, data }) => error !== null && data === undefined);
  return {
    lags: lags.sort(byWaiting),
    asked: asked.length,
    topics: names.length,
    isPending: topics.isPending || groups.some(({ isPending }) => isPending),
    error: failed?.error ?? undefined,
    retry: () => {
      for (const query of [topics, ...groups]) if (query.error !== null) void query.refetch();
    },
  };
}
