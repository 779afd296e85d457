/** How the partitions of a group are told. */
import type { Group } from "./use-topics";

export interface GroupPartition {
  partition: number;
  /** Who holds it now. */
  reader: string | undefined;
  committed: number | undefined;
  end: number | undefined;
  lag: number | undefined;
  waitedS: number | undefined;
}

/** Every partition of the group, and who reads it; the ones that lag most come first. */
export function partitionsOf(group: Group): GroupPartition[] {
  const readers = new Map(
    group.members.flatMap(({ reader, partitions }) => partitions.map((held) => [held, reader])),
  );
  return group.partitions
    .map(({ partition, committed, end, lag, lag_seconds }) => ({
      partition,
      reader: readers.get(partition),
      committed: committed ?? undefined,
      end,
      lag,
      waitedS: lag_seconds ?? undefined,
    }))
    .sort(
      (a, b) =>
        (b.waitedS ?? -1) - (a.waitedS ?? -1) || (b.lag ?? 0) - (a.lag ?? 0) || a.partition - b.partition,
    );
}

export type Waiting = { kind: "none" } | { kind: "unknown" } | { kind: "since"; seconds: number };

/** How long the oldest message that is not committed has waited. */
export function waitingOf(lag: number | undefined, waitedS: number | null | undefined): Waiting {
  if (typeof waitedS === "number") return { kind: "since", seconds: waitedS };
  return (lag ?? 0) > 0 ? { kind: "unknown" } : { kind: "none" };
}
