/**
 * Events that are missing. `sequence` counts all events of one AI system, whichever session they are of; so what is not in
 * this session is looked for in the others before it is called missing.
 */
import type { ReadRecord } from "@/events/record";

export interface Gap {
  aiId: string;
  /** The first and the last number that is not here. */
  from: number;
  to: number;
  /** The events on both sides. */
  after: ReadRecord;
  before: ReadRecord;
}

export type GapState =
  /** Nobody looked yet, or not far enough. */
  { kind: "unchecked" } | { kind: "elsewhere" } | { kind: "missing"; lost: number };

export function findGaps(records: readonly ReadRecord[]): Gap[] {
  const gaps: Gap[] = [];
  for (const [aiId, counted] of bySystem(records)) {
    counted.sort((one, other) => (one.sequence as number) - (other.sequence as number));
    for (let index = 1; index < counted.length; index += 1) {
      const after = counted[index - 1] as ReadRecord;
      const before = counted[index] as ReadRecord;
      const from = (after.sequence as number) + 1;
      const to = (before.sequence as number) - 1;
      if (from <= to) gaps.push({ aiId, from, to, after, before });
    }
  }
  return gaps;
}

function bySystem(records: readonly ReadRecord[]): Map<string, ReadRecord[]> {
  const systems = new Map<string, ReadRecord[]>();
  for (const record of records) {
    if (record.aiId === undefined || record.sequence === undefined) continue;
    const others = systems.get(record.aiId);
    if (others === undefined) systems.set(record.aiId, [record]);
    else others.push(record);
  }
  return systems;
}

/** What was found of an AI system while its gaps were looked for. */
export interface Found {
  sequences: ReadonlySet<number>;
  /** Whether all events of the time were looked at. */
  isWhole: boolean;
}

export function stateOf(gap: Gap, found: Found | undefined): GapState {
  if (found === undefined) return { kind: "unchecked" };
  let elsewhere = 0;
  for (const sequence of found.sequences) {
    if (sequence >= gap.from && sequence <= gap.to) elsewhere += 1;
  }
  const missing = gap.to - gap.from + 1;
  if (elsewhere >= missing) return { kind: "elsewhere" };
  return found.isWhole ? { kind: "missing", lost: missing - elsewhere } : { kind: "unchecked" };
}
