/** Every text of the sessions' pages. */
import { formatCount, formatExact } from "@/lib/numbers";

const many = (count: number, one: string, more: string) =>
  `${formatCount(count)} ${count === 1 ? one : more}`;
const between = (from: number, to: number) =>
  from === to ? formatExact(from) : `${formatExact(from)}–${formatExact(to)}`;

export const words = {
  title: "Sessions",
  subtitle: "One run of an agent each, the newest first.",
  apart: (count: number) =>
    `${many(count, "event has", "events have")} no session and ${count === 1 ? "is" : "are"} not here.`,
  lookedAt: (events: number, ofErrors: boolean) =>
    `Looked at ${ofErrors ? many(events, "error", "errors") : many(events, "event", "events")}`,
  backTo: ", back to",
  countedSoFar: "What a session has before that is not counted.",
  full: (sessions: number, events: number) =>
    `This list ends at ${formatExact(sessions)} sessions or ${formatExact(events)} events.`,
  goOnBefore: "Go on with the time before",
  filterTime: "Time",
  onlyErrors: "With errors only",
  ofSystem: "Counts only the events of this AI system.",
  ofErrors: "Counts only errors. Open a session to see all of it.",
  errorsOf: "Errors",
  lastError: "Last error",
  refresh: "Refresh",
  search: "Session id",
  open: "Open",
  openId: (id: string) => `Open the session ${id}`,
  more: "Older sessions",
  noMore: "There are no older ones.",
  list: "Sessions",
  id: "Session",
  systems: "AI systems",
  events: "Events",
  errors: (count: number) => many(count, "error", "errors"),
  started: "Began",
  last: "Last event",
  duration: "Took",
  tokens: "Tokens",
  active: "Active",
  emptyTitle: "No sessions yet",
  emptyText: "Events that carry the same metadata.session_id are one session. Send it with what you record:",
  noneTitle: "None of these sessions matches",
  noneText: "Older sessions are found by looking further back, or opened by their whole id.",
  noneFound: "No sessions found",
  noneMatch: "None matches these filters.",
  noneYet: "None among the events looked at so far.",
  clear: "Clear filters",

  back: "Sessions",
  sessionTitle: "Session",
  loading: (count: number) => `Reading its events: ${formatCount(count)} so far`,
  missingTitle: "No events of this session",
  missingText:
    "What was just recorded takes a moment to be stored; what is older than the retention is gone.",
  cut: (count: number) =>
    `This session is longer than this page shows: these are its newest ${formatCount(count)} events.`,
  asLive: "Watch it live",

  timeline: "Timeline",
  timelineSummary: (events: number, took: string) =>
    `${many(events, "event", "events")} in ${took}, on a time axis`,
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Show all",
  zoomHint:
    "Drag across to zoom. A bar is as long as the latency that was recorded, and ends when the event was stamped.",
  severalHere: (count: number) => many(count, "event", "events"),

  steps: "Events in order",
  at: "After",
  type: "Type",
  what: "What happened",
  took: "Latency",
  systemOf: "AI system",
  keys: "Session",
  keyDown: "Next event",
  keyUp: "Event before",
  keyOpen: "Open the event",

  gapUnchecked: (from: number, to: number) => `Sequence ${between(from, to)} is not in this session`,
  gapElsewhere: (from: number, to: number) =>
    `Sequence ${between(from, to)} is in other sessions of this AI system`,
  gapMissing: (from: number, to: number, lost: number) =>
    from === to
      ? `Sequence ${between(from, to)} was not recorded: an event is missing`
      : `Sequence ${between(from, to)}: ${many(lost, "event was", "events were")} not recorded`,
  gapShort: (count: number) => `${formatCount(count)} missing`,
  gaps: "Missing events",
  noGaps: "None",
  gapsUnknown: "Not known",
  gapsWhy: "By the events' sequence numbers, looked up in the AI system's other sessions.",
  noSequence: "Its events carry no sequence numbers.",

  totals: "Totals",
  spent: "Latency",
  longest: "Longest",
  tokensIn: "Tokens in",
  tokensOut: "Tokens out",
  tokensOther: "Tokens, not told which way",
  errorCount: "Errors",
  fatal: (count: number) => `${formatCount(count)} not recoverable`,
  byType: "By type",
  byModel: "By model",
  model: "Model",
  noModels: "No tokens were recorded.",
  cost: "Cost",
  estimated: "estimated",
  costAtLeast: "at least",
  noPrice: "no price known",
  costWhy: (date: string) =>
    `Estimated from list prices of ${date}, in US dollars, without discounts for caches, batches or contracts.`,
  unpriced: (models: string) => `No price is known for ${models}.`,
  unsplit: (count: number) =>
    `${many(count, "token is", "tokens are")} not priced: nothing says whether they went in or came out.`,
  unnamed: "a model without a name",
} as const;
