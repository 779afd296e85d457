/** What the page shows, asked for anew every ten seconds while somebody looks at it. */

import { keepPreviousData } from "@tanstack/react-query";
import { useMemo } from "react";
import { $api, type Schemas } from "@/api";
import { EVENTS_TOPIC } from "./lag";
import type { Period } from "./words";

export const REFRESH_MS = 10_000;

/** Bars of a list of what there is most of. */
const TOP_LIMIT = 10;

export type Throughput = Schemas["MetricsThroughput"];
export type Errors = Schemas["MetricsErrors"];
export type Latency = Schemas["MetricsLatency"];
export type StoreLag = Schemas["MetricsLag"];
export type Redactions = Schemas["MetricsRedactions"];

/** A hidden tab asks for nothing; what was shown stays until there is something newer. */
const live = { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData };

export function useMetrics(period: Period) {
  const ofPeriod = { params: { query: { period } } };
  const top = { params: { query: { period, limit: TOP_LIMIT } } };
  return {
    throughput: $api.useQuery("get", "/api/v1/metrics/throughput", ofPeriod, live),
    errors: $api.useQuery("get", "/api/v1/metrics/errors", ofPeriod, live),
    latency: $api.useQuery("get", "/api/v1/metrics/latency", ofPeriod, live),
    storeLag: $api.useQuery("get", "/api/v1/metrics/lag", ofPeriod, live),
    redactions: $api.useQuery("get", "/api/v1/metrics/redactions", ofPeriod, live),
    topTopics: $api.useQuery("get", "/api/v1/metrics/top-topics", top, live),
    topAiSystems: $api.useQuery("get", "/api/v1/metrics/top-ai-systems", top, live),
    topErrorTypes: $api.useQuery("get", "/api/v1/metrics/top-error-types", top, live),
    events: $api.useQuery("get", "/api/v1/topics/{name}", { params: { path: { name: EVENTS_TOPIC } } }, live),
  };
}

export type Metrics = ReturnType<typeof useMetrics>;

/** Names of AI systems by their ids; of those beyond one page the id has to do. */
export function useAiSystemNames(): ReadonlyMap<string, string> {
  const { data } = $api.useQuery(
    "get",
    "/api/v1/ai-systems",
    { params: { query: { limit: 500 } } },
    { staleTime: 300_000 },
  );
  return useMemo(() => new Map(data?.items.map(({ ai_id, name }) => [ai_id, name])), [data]);
}
