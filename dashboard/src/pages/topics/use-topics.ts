/** What is asked of the API about topics. */
import { keepPreviousData } from "@tanstack/react-query";
import { $api, type Schemas } from "@/api";
import { TREND_LIMIT, TREND_PERIODS, trendOf } from "./trend";

export type Topic = Schemas["Topic"];
export type TopicDescribed = Schemas["TopicDescribed"];
export type Group = Schemas["ConsumerGroup"];

export const REFRESH_MS = 10_000;
const LIST_REFRESH_MS = 30_000;

const oneTopic = (name: string) => ({ params: { path: { name } } });

/** A topic and what is in it, while its page is open. */
export function useTopic(name: string) {
  return $api.useQuery("get", "/api/v1/topics/{name}", oneTopic(name), { refetchInterval: REFRESH_MS });
}

/** The same for a row of the list: asked for only while somebody sees the row, for each is a request. */
export function useRowStatistics(name: string, isSeen: boolean) {
  return $api.useQuery("get", "/api/v1/topics/{name}", oneTopic(name), {
    enabled: isSeen,
    staleTime: LIST_REFRESH_MS,
    refetchInterval: LIST_REFRESH_MS,
  });
}

/** The course of every topic's messages: four requests, however many topics there are. */
export function useTrends(): (topic: string) => number[] | undefined {
  const live = {
    refetchInterval: LIST_REFRESH_MS,
    staleTime: LIST_REFRESH_MS,
    placeholderData: keepPreviousData,
  };
  const of = (period: (typeof TREND_PERIODS)[number]) => ({
    params: { query: { period, limit: TREND_LIMIT } },
  });
  const [week, day, sixHours, hour] = TREND_PERIODS;
  const answers = [
    $api.useQuery("get", "/api/v1/metrics/top-topics", of(week), live),
    $api.useQuery("get", "/api/v1/metrics/top-topics", of(day), live),
    $api.useQuery("get", "/api/v1/metrics/top-topics", of(sixHours), live),
    $api.useQuery("get", "/api/v1/metrics/top-topics", of(hour), live),
  ];
  const asked = answers.map(({ data }) => data);
  const nowMs = Math.max(...answers.map(({ dataUpdatedAt }) => dataUpdatedAt));
  return (topic) => trendOf(asked, topic, nowMs);
}
