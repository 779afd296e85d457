/** In which order the events of a session happened. */
import { momentOf } from "@/lib/moments";
import type { ReadRecord } from "./record";

/**
 * By `sequence` where all are of one AI system that counts its events, for then it says so itself. Otherwise by time, and
 * at the same time by `sequence` and id, so that the order is always the same.
 */
export function inOrder<T extends Orderable>(records: readonly T[]): T[] {
  const isCounted = records.every(
    ({ aiId, sequence }) => sequence !== undefined && aiId === records[0]?.aiId,
  );
  const moments = new Map(records.map((record) => [record, momentOf(record.timestamp) ?? 0]));
  const byTime = (one: T, other: T) => (moments.get(one) ?? 0) - (moments.get(other) ?? 0);
  const bySequence = (one: T, other: T) => (one.sequence ?? 0) - (other.sequence ?? 0);
  const byId = (one: T, other: T) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
  return [...records].sort((one, other) => {
    return isCounted
      ? bySequence(one, other) || byTime(one, other) || byId(one, other)
      : byTime(one, other) || bySequence(one, other) || byId(one, other);
  });
}

export type Orderable = Pick<ReadRecord, "id" | "aiId" | "sequence" | "timestamp">;
