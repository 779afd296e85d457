/** How far the organisation's groups are behind, over the topics that were looked at. */
import type { Schemas } from "@/api";

type Group = Schemas["ConsumerGroup"];

/** Each topic is a request, every ten seconds: more are not asked about. */
export const TOPICS_ASKED_MAX = 12;

export const EVENTS_TOPIC = "aibbar.events";

export interface GroupLag {
  topic: string;
  group: string;
  /** Readers that are there now. */
  readers: number;
  /** Messages that are not committed; unknown of the topic of all organisations. */
  messages: number | undefined;
  /** For how long the oldest of them has waited. `null`: there is none, or the log did not show it. */
  waitedS: number | null;
}

export interface LagTotal {
  groups: number;
  readers: number;
  messages: number;
  waitedS: number | undefined;
}

/** Which topics to ask about: that of events, then the busiest, then the others by name. */
export function topicsToAsk(all: readonly string[], busiest: readonly string[]): string[] {
  const there = new Set(all);
  const ordered = [EVENTS_TOPIC, ...busiest, ...[...all].sort()].filter((name) => there.has(name));
  return [...new Set(ordered)].slice(0, TOPICS_ASKED_MAX);
}

export function lagOf(topic: string, group: Group): GroupLag {
  return {
    topic,
    group: group.group,
    readers: group.members.length,
    messages: group.lag,
    waitedS: group.lag_seconds ?? null,
  };
}

/** Those who have waited longest come first, then those with most messages. */
export function byWaiting(a: GroupLag, b: GroupLag): number {
  return (b.waitedS ?? -1) - (a.waitedS ?? -1) || (b.messages ?? 0) - (a.messages ?? 0);
}

export function totalOf(lags: readonly GroupLag[]): LagTotal {
  const waited = lags.flatMap(({ waitedS }) => (waitedS === null ? [] : [waitedS]));
  return {
    groups: lags.length,
    readers: lags.reduce((sum, { readers }) => sum + readers, 0),
    messages: lags.reduce((sum, { messages }) => sum + (messages ?? 0), 0),
    waitedS: waited.length === 0 ? undefined : Math.max(...waited),
  };
}
