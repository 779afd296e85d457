/** Every text of the metrics page. */

export type Period = "1h" | "6h" | "24h" | "7d";

const spans: Readonly<Record<Period, string>> = {
  "1h": "the last hour",
  "6h": "the last 6 hours",
  "24h": "the last 24 hours",
  "7d": "the last 7 days",
};

const number = new Intl.NumberFormat("en-GB");
const counted = (n: number, one: string, many: string) =>
  n === 1 ? `1 ${one}` : `${number.format(n)} ${many}`;

export const words = {
  title: "Metrics",
  subtitle: (organisation: string) => `${organisation} · refreshed every 10 seconds`,
  period: "Period",
  periods: [
    { value: "1h", label: "1h" },
    { value: "6h", label: "6h" },
    { value: "24h", label: "24h" },
    { value: "7d", label: "7d" },
  ] satisfies { value: Period; label: string }[],
  refresh: "Refresh",
  refreshed: "Refreshed",
  refreshFailed: "The last refresh failed",

  zoomed: (from: string, to: string) => `Zoomed to ${from} – ${to}`,
  zoomLeaves: "Tiles and bars are of the whole period.",
  resetZoom: "Reset zoom",

  nothing: (period: Period) => `Nothing came in ${spans[period]}`,
  nothingHelp: "Choose a longer period, or record a first event.",
  start: "How to record events",

  tiles: {
    label: "At a glance",
    today: "Events today",
    todayHint: "since midnight, UTC",
    rate: "Events per second",
    rateHint: "mean of 5 minutes",
    p50: "Latency p50",
    p99: "Latency p99",
    latencyHint: "until acknowledged",
    errors: "Error rate",
    errorsHint: (refused: number) => `${number.format(refused)} refused`,
    consumers: "Active consumers",
    consumersHint: (groups: number) => `in ${counted(groups, "group", "groups")}`,
    lag: "Consumer lag",
    lagUnit: (messages: number) => (messages === 1 ? "message" : "messages"),
    lagHint: (oldest: string) => `oldest waits ${oldest}`,
    lagNone: "nothing waits",
    behind: "Behind in storing",
    behindHint: "oldest event that is not stored",
    unknown: "–",
  },

  throughput: "Throughput",
  events: "Events",
  messages: "Messages",
  perSecond: (rate: string) => `${rate}/s`,

  refused: "Refused",
  refusedOne: "Events and messages",
  refusedRequests: "Whole requests",

  latency: "Latency until acknowledged",
  stored: "Time until stored",
  p50: "p50",
  p95: "p95",
  p99: "p99",

  redacted: "Redactions",
  redactedThings: "Things hidden",
  redactedOpens: "A point opens all events of its time, also those in which nothing was hidden.",

  codes: "Refused by code",
  codesHint: (items: number, requests: number) =>
    [
      items > 0 && counted(items, "event or message", "events and messages"),
      requests > 0 && counted(requests, "request", "requests"),
    ]
      .filter(Boolean)
      .join(", "),
  noCodes: "Nothing was refused.",

  lag: "Lag by group",
  lagNow: "Now; for how long the oldest message that is not committed has waited.",
  lagOf: (asked: number, all: number) => `Of ${asked} of ${number.format(all)} topics: the busiest.`,
  lagHint: (messages: number | undefined, readers: number) => {
    const waiting = messages === undefined ? "" : `${counted(messages, "message", "messages")}, `;
    return `${waiting}${readers === 0 ? "no reader" : counted(readers, "reader", "readers")}`;
  },
  lagSinceUnknown: "since when is not known",
  noGroups: "No group reads a topic.",

  topTopics: "Top topics",
  noTopics: "Nothing came to a topic.",
  topAiSystems: "Top AI systems",
  otherAiSystems: "Others",
  noAiSystems: "No AI system recorded an event.",
  topErrorTypes: "Top error types",
  otherErrorTypes: "Others",
  noErrorTypes: "No AI system recorded an error.",
  types: "Events by type",
  noTypes: "No events were stored.",
  kinds: "Redactions by kind",
  noKinds: "Nothing had to be hidden.",

  summary: (name: string, from: string, to: string, now: string | undefined, most: string | undefined) =>
    `${name}, ${from} to ${to}: ${now === undefined ? "nothing is known" : `${now} at last, ${most} at most`}.`,
} as const;
