/** Sessions from events: the API knows events, and a session is what some of them have in common. */
import type { ReadRecord } from "@/events/record";
import { asAmount, member } from "@/lib/any-json";
import { momentOf } from "@/lib/moments";

export interface SessionSummary {
  id: string;
  events: number;
  errors: number;
  aiIds: string[];
  /** Times as they were sent. */
  first: string;
  last: string;
  tokens: number;
}

export interface Grouped {
  /** The one with the newest event first. */
  sessions: SessionSummary[];
  /** Events of no session. */
  apart: number;
}

export function groupBySession(records: readonly ReadRecord[]): Grouped {
  const byId = new Map<string, ReadRecord[]>();
  let apart = 0;
  for (const record of records) {
    if (record.sessionId === undefined) {
      apart += 1;
      continue;
    }
    const others = byId.get(record.sessionId);
    if (others === undefined) byId.set(record.sessionId, [record]);
    else others.push(record);
  }
  const sessions = [...byId].map(([id, events]) => summaryOf(id, events));
  sessions.sort(
    (one, other) => (momentOf(other.last) ?? 0) - (momentOf(one.last) ?? 0) || (one.id < other.id ? -1 : 1),
  );
  return { sessions, apart };
}

function summaryOf(id: string, events: readonly ReadRecord[]): SessionSummary {
  const times = events.map(({ timestamp }) => ({ timestamp, at: momentOf(timestamp) ?? 0 }));
  times.sort((one, other) => one.at - other.at);
  return {
    id,
    events: events.length,
    errors: events.filter(({ type }) => type === "ai.error").length,
    aiIds: [...new Set(events.flatMap(({ aiId }) => (aiId === undefined ? [] : [aiId])))],
    first: times[0]?.timestamp ?? "",
    last: times.at(-1)?.timestamp ?? "",
    tokens: events.reduce((sum, { event }) => sum + tokensOf(event), 0),
  };
}

/** All tokens that an event tells of. */
function tokensOf(event: unknown): number {
  const usage = member(member(event, "response"), "usage");
  const counts = [
    member(usage, "input_tokens"),
    member(usage, "output_tokens"),
    member(member(event, "action"), "tokens_used"),
  ];
  return counts.reduce<number>((sum, count) => sum + (asAmount(count) ?? 0), 0);
}
