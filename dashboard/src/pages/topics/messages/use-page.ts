/** The page of messages that is shown. */
import { useQuery } from "@tanstack/react-query";
import type { TopicDescribed } from "../use-topics";
import type { Place } from "./place";
import { type MessagePage, reader } from "./read";
import { newestPage, pageAtOffset } from "./seek";

export const PAGE_MESSAGES = 50;

const DAY_MS = 86_400_000;
/** How far back it is looked where the log does not tell how old its messages are. */
const LOOK_BACK_DAYS = 30;

/** Nothing within the bounds of the search. */
export class PlaceNotFound extends Error {}

/** The page at a place, or that of a cursor further on. Pages do not change by themselves: they are read again by hand. */
export function useMessagePage(topic: TopicDescribed, place: Place, cursor: string | undefined) {
  return useQuery({
    queryKey: ["get", "/events/read", "page", topic.name, topic.created_at, place, cursor],
    queryFn: ({ signal }) => readPage(topic, place, cursor, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

async function readPage(
  topic: TopicDescribed,
  place: Place,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<MessagePage> {
  const read = reader(topic.name, signal);
  const { partition } = place;
  if (cursor !== undefined) return read({ partition, cursor, limit: PAGE_MESSAGES });
  if (place.kind === "from") return read({ partition, from: place.from, limit: PAGE_MESSAGES });

  const { oldestMs, newestMs } = timesOf(topic, Date.now());
  if (place.kind === "newest") {
    const rate = topic.statistics.publish_rate;
    return newestPage(read, { partition, count: PAGE_MESSAGES, newestMs, oldestMs, rate });
  }
  const bounds = topic.statistics.partitions.find((known) => known.partition === place.partition);
  const { earliest = 0, end = 0 } = bounds ?? {};
  const found = await pageAtOffset(read, {
    partition: place.partition,
    offset: place.offset,
    earliest,
    end,
    oldestMs,
    newestMs,
    limit: PAGE_MESSAGES,
  });
  if (found === undefined) throw new PlaceNotFound();
  return found;
}

/** Between which times the topic's messages came, as far as it is known. */
function timesOf(topic: TopicDescribed, nowMs: number): { oldestMs: number; newestMs: number } {
  const { oldest_at, newest_at } = topic.statistics;
  const backMs = (topic.retention_days ?? LOOK_BACK_DAYS) * DAY_MS;
  return {
    oldestMs: oldest_at ? Date.parse(oldest_at) : nowMs - backMs,
    newestMs: newest_at ? Date.parse(newest_at) : nowMs,
  };
}
