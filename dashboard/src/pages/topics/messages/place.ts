/** Where reading begins, as it stands in the address of the page. */
import type { TopicDescribed } from "../use-topics";

export const STARTS = ["newest", "earliest", "time", "offset"] as const;
export type Start = (typeof STARTS)[number];

/** What the address says. */
export interface PlaceState {
  partition: string;
  start: Start;
  at: string | undefined;
  offset: number;
}

export type Place =
  | { kind: "newest"; partition: number | undefined }
  | { kind: "from"; partition: number | undefined; from: string }
  | { kind: "offset"; partition: number; offset: number };

/** A partition that the topic has; any other text means all of them. */
export function partitionOf(text: string, partitions: number): number | undefined {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value < partitions ? value : undefined;
}

/** What is to be read. An address that asks for what can't be is read as one that asks for the newest. */
export function placeOf(state: PlaceState, topic: Pick<TopicDescribed, "partitions" | "reserved">): Place {
  const partition = partitionOf(state.partition, topic.partitions);
  if (state.start === "earliest") return { kind: "from", partition, from: "earliest" };
  if (state.start === "time") {
    const at = new Date(state.at ?? "");
    if (!Number.isNaN(at.getTime())) return { kind: "from", partition, from: at.toISOString() };
  }
  // Offsets are counted in each partition, and those of the topic of all organisations are nobody's to know.
  if (state.start === "offset" && partition !== undefined && !topic.reserved) {
    return { kind: "offset", partition, offset: state.offset };
  }
  return { kind: "newest", partition };
}

/** A message in the address: `2:41`. */
export function messageParam(message: { partition: number; offset: number }): string {
  return `${message.partition}:${message.offset}`;
}
