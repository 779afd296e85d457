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

export const NOTHING: Grouped = { sessions: [], apart: 0 };

export function groupBySession(records: readonly ReadRecord[]): Grouped {
  const alone = records.flatMap((record) =>
    record.sessionId === undefined ? [] : [summaryOf(record, record.sessionId)],
  );
  const { sessions } = merged([{ sessions: alone, apart: 0 }]);
  return { sessions, apart: records.length - alone.length };
}

/** What was grouped piece by piece, as one: a session may have events in several. */
export function merged(pieces: readonly Grouped[]): Grouped {
  const byId = new Map<string, SessionSummary>();
  for (const { sessions } of pieces) {
    for (const session of sessions) {
      const known = byId.get(session.id);
      byId.set(session.id, known === undefined ? session : together(known, session));
    }
  }
  const sessions = [...byId.values()];
  sessions.sort(
    (one, other) => (momentOf(other.last) ?? 0) - (momentOf(one.last) ?? 0) || (one.id < other.id ? -1 : 1),
  );
  return { sessions, apart: pieces.reduce((sum, { apart }) => sum + apart, 0) };
}

function together(one: SessionSummary, other: SessionSummary): SessionSummary {
  const isBefore = (first: string, second: string) => (momentOf(first) ?? 0) <= (momentOf(second) ?? 0);
  return {
    id: one.id,
    events: one.events + other.events,
    errors: one.errors + other.errors,
    aiIds: other.aiIds.every((id) => one.aiIds.includes(id))
      ? one.aiIds
      : [...new Set([...one.aiIds, ...other.aiIds])],
    first: isBefore(one.first, other.first) ? one.first : other.first,
    last: isBefore(one.last, other.last) ? other.last : one.last,
    tokens: one.tokens + other.tokens,
  };
}

function summaryOf({ type, aiId, timestamp, event }: ReadRecord, id: string): SessionSummary {
  return {
    id,
    events: 1,
    errors: type === "ai.error" ? 1 : 0,
    aiIds: aiId === undefined ? [] : [aiId],
    first: timestamp,
    last: timestamp,
    tokens: tokensOf(event),
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
