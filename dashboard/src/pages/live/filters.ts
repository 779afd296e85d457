/** What the address of the page asks for, checked: what is malformed is left out, so that no stream is refused for it. */
import { utf8Bytes } from "@/lib/text";
import { parseTime, presetMs, type Range, resolveRange } from "@/lib/time";
import { optional, text } from "@/lib/url-state";
import { EVENTS_TOPIC, type Question } from "./live-list";
import type { Filter } from "./stream";

export const urlSchema = {
  topic: text(EVENTS_TOPIC),
  type: optional(),
  ai: optional(),
  session: optional(),
  request: optional(),
  q: text(),
  range: optional(),
  from: optional(),
  to: optional(),
  /** The row whose panel is open. */
  event: optional(),
};

export interface Url {
  topic: string;
  type?: string;
  ai?: string;
  session?: string;
  request?: string;
  q: string;
  range?: string;
  from?: string;
  to?: string;
  event?: string;
}

/** What a saved view keeps: everything but the open panel. */
export const FILTER_NAMES = [
  "topic",
  "type",
  "ai",
  "session",
  "request",
  "q",
  "range",
  "from",
  "to",
] as const;

export const EVENT_TYPES = ["ai.query", "ai.response", "ai.action", "ai.decision", "ai.error"] as const;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TOPIC = /^[A-Za-z0-9._-]{1,200}$/;
const TEXT_BYTES_MAX = 1_024;
const ID_BYTES_MAX = 4_096;

/** Of events, all that is kept; of messages, which begin where they are told to, the last hour. */
export function rangeOf(url: Url): Range {
  if (url.from !== undefined && url.to !== undefined && isSpan(url.from, url.to))
    return { from: url.from, to: url.to };
  if (url.range !== undefined && presetMs(url.range) !== undefined) return { preset: url.range };
  return { preset: isOfEvents(url) ? "all" : "1h" };
}

function isSpan(from: string, to: string): boolean {
  return parseTime(from).getTime() < parseTime(to).getTime();
}

export function topicOf(url: Url): string {
  return TOPIC.test(url.topic) ? url.topic : EVENTS_TOPIC;
}

export function isOfEvents(url: Url): boolean {
  return topicOf(url) === EVENTS_TOPIC;
}

/** The question, asked at this moment: a range that is counted back from now stays where it begins. */
export function questionOf(url: Url, now: Date): Question {
  const topic = topicOf(url);
  const range = rangeOf(url);
  const q = url.q.trim() !== "" && utf8Bytes(url.q) <= TEXT_BYTES_MAX ? { q: url.q } : {};
  if (topic !== EVENTS_TOPIC) return { topic, filter: q, isLive: true, begin: beginOf(range, now) };

  const { from, to } = boundsOf(range, now);
  const filter: Filter = { ...q };
  if (EVENT_TYPES.some((type) => type === url.type)) filter.event_type = url.type;
  if (url.ai !== undefined && UUID.test(url.ai)) filter.ai_id = url.ai;
  if (url.session !== undefined && utf8Bytes(url.session) <= ID_BYTES_MAX) filter.session_id = url.session;
  if (url.request !== undefined && utf8Bytes(url.request) <= ID_BYTES_MAX) filter.request_id = url.request;
  if (from !== undefined) filter.from = from;
  if (to !== undefined) filter.to = to;
  const isOver = to !== undefined && parseTime(to).getTime() <= now.getTime();
  return { topic, filter, isLive: !isOver, begin: "now" };
}

function boundsOf(range: Range, now: Date): { from?: string; to?: string } {
  if ("preset" in range) {
    return range.preset === "all" ? {} : { from: resolveRange(range, now).from.toISOString() };
  }
  const { from, to } = resolveRange(range, now);
  return { from: from.toISOString(), to: to.toISOString() };
}

function beginOf(range: Range, now: Date): Question["begin"] {
  if ("preset" in range && range.preset === "all") return "earliest";
  return { since: resolveRange(range, now).from.toISOString() };
}

/** How many conditions there are besides the topic and the time. */
export function countConditions(url: Url): number {
  const conditions = [url.q.trim(), ...(isOfEvents(url) ? [url.type, url.ai, url.session, url.request] : [])];
  return conditions.filter((value) => value !== undefined && value !== "").length;
}

/** The filters as the search part of an address: what a view is saved as. */
export function queryOf(url: Url): string {
  const params = new URLSearchParams();
  for (const name of FILTER_NAMES) {
    const value = url[name];
    if (value !== undefined && value !== "" && !(name === "topic" && value === EVENTS_TOPIC))
      params.set(name, value);
  }
  return params.toString();
}

/** The filters that a saved view names; those that it does not name are none. */
export function filtersOf(query: string): Partial<Url> {
  const params = new URLSearchParams(query);
  const value = (name: string) => params.get(name) ?? undefined;
  return {
    ...Object.fromEntries(FILTER_NAMES.map((name) => [name, value(name)])),
    topic: value("topic") ?? EVENTS_TOPIC,
    q: value("q") ?? "",
  };
}
