/** The gaps of a session, and whether their events are elsewhere or nowhere. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "@/api";
import type { ReadRecord } from "@/events/record";
import { momentOf } from "@/lib/moments";
import { type Found, findGaps, type Gap, type GapState, stateOf } from "./gaps";
import { parsePage } from "./use-session-events";

const SYSTEMS_MAX = 5;
const PAGES_MAX = 8;
const PAGE_EVENTS = 500;
/** Clocks differ, and what was sent late lies a little before or after. */
const AROUND_MS = 60_000;

export interface KnownGap extends Gap {
  state: GapState;
}

export function useGaps(records: readonly ReadRecord[]): { gaps: KnownGap[]; isCounted: boolean } {
  const gaps = useMemo(() => findGaps(records), [records]);
  const isCounted = useMemo(() => records.some(({ sequence }) => sequence !== undefined), [records]);
  const spans = useMemo(() => spansOf(gaps), [gaps]);
  const { data } = useQuery({
    queryKey: ["sequence-gaps", spans],
    enabled: spans.length > 0,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const found = new Map<string, Found>();
      for (const span of spans) found.set(span.aiId, await look(span, signal));
      return found;
    },
  });
  return { gaps: gaps.map((gap) => ({ ...gap, state: stateOf(gap, data?.get(gap.aiId)) })), isCounted };
}

interface Span {
  aiId: string;
  from: string;
  to: string;
}

/** The time in which an AI system's missing events would lie. */
function spansOf(gaps: readonly Gap[]): Span[] {
  const spans = new Map<string, { from: number; to: number }>();
  for (const { aiId, after, before } of gaps) {
    const ends = [momentOf(after.timestamp), momentOf(before.timestamp)];
    if (ends[0] === undefined || ends[1] === undefined) continue;
    const span = spans.get(aiId);
    const from = Math.min(...(ends as number[]), span?.from ?? Number.POSITIVE_INFINITY);
    const to = Math.max(...(ends as number[]), span?.to ?? Number.NEGATIVE_INFINITY);
    spans.set(aiId, { from, to });
  }
  return [...spans].slice(0, SYSTEMS_MAX).map(([aiId, { from, to }]) => ({
    aiId,
    from: new Date(from - AROUND_MS).toISOString(),
    to: new Date(to + AROUND_MS).toISOString(),
  }));
}

async function look({ aiId, from, to }: Span, signal: AbortSignal): Promise<Found> {
  const sequences = new Set<number>();
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = { ai_id: aiId, from, to, limit: PAGE_EVENTS, ...(cursor === undefined ? {} : { cursor }) };
    const { data } = await api.GET("/aibbar/events", { params: { query }, parseAs: "text", signal });
    const page = parsePage(data as unknown as string);
    for (const { sequence } of page.records) if (sequence !== undefined) sequences.add(sequence);
    if (page.next === undefined) return { sequences, isWhole: true };
    cursor = page.next;
  }
  return { sequences, isWhole: false };
}
