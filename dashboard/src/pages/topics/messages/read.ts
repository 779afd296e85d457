/** Pages of a topic. */
import { api, type Schemas } from "@/api";
import { messageTexts } from "./exact";

/** A message, with its body as it was written. */
export type TopicMessage = Schemas["Message"] & { text: string };

export interface MessagePage {
  items: TopicMessage[];
  nextCursor: string | undefined;
  /** There was nothing more at the time. */
  caughtUp: boolean;
  /** Some of what lay before is not kept any more, and was passed over. */
  expired: boolean;
}

/** What of a topic to read: from a cursor, or from `earliest`, `latest` or a time on. */
export interface Wanted {
  partition?: number;
  cursor?: string;
  from?: string;
  limit: number;
  bytesMax?: number;
}

export type ReadPage = (wanted: Wanted) => Promise<MessagePage>;

export function pageOf(text: string): MessagePage {
  const page = JSON.parse(text) as Schemas["MessagePage"];
  const texts = messageTexts(text);
  return {
    items: page.items.map(
      ({ topic, partition, offset, cursor, key, headers, appended_at, timestamp, message_id }, i) => ({
        topic,
        partition,
        offset,
        cursor,
        key,
        headers,
        appended_at,
        timestamp,
        message_id,
        text: texts[i] ?? "null",
      }),
    ),
    nextCursor: page.next_cursor ?? undefined,
    caughtUp: page.caught_up === true,
    expired: page.expired === true,
  };
}

/** Reads pages of this topic until the signal says that nobody wants them any more. */
export function reader(topic: string, signal: AbortSignal): ReadPage {
  return async ({ partition, cursor, from, limit, bytesMax }) => {
    const query = { topic, partition, cursor, from, limit, bytes_max: bytesMax };
    const { data } = await api.GET("/events/read", { params: { query }, parseAs: "text", signal });
    return pageOf(data ?? "{}");
  };
}
