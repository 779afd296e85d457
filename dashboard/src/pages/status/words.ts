const number = new Intl.NumberFormat("en-GB");
const counted = (count: number, one: string, many: string) =>
  count === 1 ? `1 ${one}` : `${number.format(count)} ${many}`;

export type Tone = "good" | "warn" | "bad" | "neutral";

/** What a state is called, what it means, and what to do about it. */
export interface Told {
  label: string;
  tone: Tone;
  means: string;
  todo?: string;
}

/** What a dependency is, and what its states mean. */
export interface DependencyWords {
  title: string;
  what: string;
  up: string;
  down: Readonly<{ means: string; todo: string }>;
  starting: string;
}

const DOCTOR = "gapin doctor, run where the gateway runs, looks closer.";

export const words = {
  title: "Status",
  subtitle:
    "The gateway that serves this page, and each thing that it depends on. Asked every 5 seconds while you look.",

  overall: {
    ready: {
      label: "Ready",
      tone: "good",
      means: "Everything works: events are taken, kept, and can be read.",
    },
    degraded: {
      label: "Degraded",
      tone: "warn",
      means:
        "Events are taken and nothing is lost. Something that is not needed for that is away, or events wait in the spool.",
      todo: "See below what it is.",
    },
    unavailable: {
      label: "Unavailable",
      tone: "bad",
      means:
        "Something that it can’t do without is away. Events are refused with 503 and Retry-After; senders send them again, and nothing is half-kept.",
      todo: "See below what it is. Load balancers send nothing to this gateway meanwhile.",
    },
    draining: {
      label: "Draining",
      tone: "warn",
      means: "It is on its way out: what is in flight is answered, and new connections are refused.",
      todo: "Another gateway, or the same one anew, answers shortly.",
    },
    unreachable: {
      label: "No answer",
      tone: "bad",
      means:
        "The gateway does not answer, or something on the way to it. What stands below is what it said last.",
      todo: "Is it running? Does something before it (a proxy, a load balancer, a VPN) let you through? It is asked again every 5 seconds.",
    },
    offline: {
      label: "Offline",
      tone: "bad",
      means: "This device has no network. What stands below is what the gateway said last.",
      todo: "It is asked again as soon as the device is online.",
    },
  } satisfies Record<string, Told>,
  unknownState: (state: string): Told => ({
    label: state,
    tone: "neutral",
    means: "A state that this page does not know.",
  }),

  states: {
    up: { label: "Up", tone: "good" },
    down: { label: "Down", tone: "bad" },
    starting: { label: "Starting", tone: "warn" },
  } satisfies Record<string, { label: string; tone: Tone }>,

  dependencies: {
    log: {
      title: "Event log",
      what: "Every event is written here first, and acknowledged once it is kept.",
      up: "It takes events and hands them on.",
      down: {
        means:
          "Where there is a spool, events are kept there and handed on in order once the log is back; without one they are refused with 503 log_unavailable. Live views stand still.",
        todo: `Look at the brokers (KAFKA_BROKERS), or at the disk of an embedded log: is it full, is its file locked by another process? ${DOCTOR}`,
      },
      starting: "Nothing was heard of it yet: the gateway has only begun to ask.",
    },
    store: {
      title: "Store",
      what: "Where events are kept to be searched and read, and everything that is set.",
      up: "Events can be read, and settings changed.",
      down: {
        means:
          "Events are taken all the same, since signing keys and API keys are remembered. Reading, searching and settings answer 503 store_unavailable. Consumers wait and catch up; nothing becomes a dead letter by it.",
        todo: `Look at the database: is it running, does it take connections, has its disk room? ${DOCTOR}`,
      },
      starting: "Nothing was heard of it yet: the gateway has only begun to ask.",
    },
    redis: {
      title: "Redis",
      what: "Shares limits, leases and notices between gateways.",
      up: "Limits are counted for all gateways together.",
      down: {
        means:
          "Each gateway counts limits by itself, so that a key may do more in all than it should. Changes of keys reach other gateways within a second all the same.",
        todo: `Look at Redis and the way to it. Nothing is lost meanwhile. ${DOCTOR}`,
      },
      starting: "Nothing was heard of it yet: the gateway has only begun to ask.",
    },
  } as Readonly<Record<string, DependencyWords>>,
  otherDependency: (name: string): DependencyWords => ({
    title: name,
    what: "Something that this gateway depends on.",
    up: "It answers.",
    down: { means: "It does not answer.", todo: DOCTOR },
    starting: "Nothing was heard of it yet.",
  }),
  kinds: {
    kafka: "Kafka",
    local: "embedded, on the gateway’s disk",
    postgres: "PostgreSQL",
    sqlite: "SQLite",
    redis: "Redis",
  } as Readonly<Record<string, string>>,
  required: "Required",
  notRequired: "Not required",
  requiredHint: "Without it the gateway is unavailable.",
  notRequiredHint: "Without it the gateway is degraded, and goes on.",
  since: "since",
  sinceAtLeast: "since before",
  stale: "As it was last heard",
  whatToDo: "What to do:",

  dependenciesTitle: "Dependencies",

  spoolTitle: "Spool",
  spoolWhat: "Where events wait, on the gateway’s disk, while the log is away.",
  noSpool:
    "There is none here: while the log is away, events are refused with 503 and Retry-After. An embedded log needs none.",
  spool: {
    idle: { label: "Idle", tone: "good", means: "Nothing waits." },
    spooling: {
      label: "Spooling",
      tone: "warn",
      means: "The log is away, and events are kept here. Senders notice nothing.",
      todo: "Bring the log back before the spool is full.",
    },
    draining: {
      label: "Draining",
      tone: "warn",
      means: "The log is back and takes what waits, in order. New events go behind it.",
    },
    full: {
      label: "Full",
      tone: "bad",
      means: "It takes no more: events are refused with 503 until the log is back or there is room.",
      todo: "Bring the log back. More room is given by GAPIN_SPOOL_BYTES_MAX, if the disk has it.",
    },
    unavailable: {
      label: "Unavailable",
      tone: "bad",
      means: "It can’t be written or read: its disk is full or broken, or a page of it can’t be read.",
      todo: `Look at its disk; nothing of it is deleted. ${DOCTOR}`,
    },
  } satisfies Record<string, Told>,
  spoolUse: "In use",
  ofMax: (used: string, max: string) => `${used} of ${max}`,
  spoolRecords: "Events that wait",
  spoolOldest: "The oldest waits for",
  spoolDrain: "Taken by the log",
  spoolEmptyIn: (time: string) => `empty in about ${time}`,
  spoolRefused: (count: number) => `${counted(count, "record", "records")} refused by the log for good`,
  spoolRefusedTodo: `They are put aside, in nobody’s way, and wait for a person: larger than the topic takes, or of a topic that was deleted. ${DOCTOR}`,
  spoolUnreadable: (count: number) =>
    `${counted(count, "part", "parts")} of the spool’s folder can’t be read`,
  spoolUnreadableTodo: `Events may lie in them. The others are handed on; once a part is mended, so is it. ${DOCTOR}`,

  lagTitle: "Lag of the store",
  lagWhat:
    "How long your organisation’s events took from being received to being stored, and how far the store is behind the log now.",
  lagNow: "Behind now",
  lagNone: "Up to date",
  lagUnknown: "Not known",
  lagUnknownHint: "The log does not tell at this moment.",
  lagP50: "Half within",
  lagP99: "99 of 100 within",
  lagCount: "Events stored",
  lagChart: "From received to stored",
  lagPeriod: "Period",
  lagSeries: { p50: "p50", p95: "p95", p99: "p99" },
  lagSummary: (count: number, period: string, p99: string) =>
    count === 0
      ? `No events in the last ${period}.`
      : `${counted(count, "event", "events")} in the last ${period}; 99 of 100 were stored within ${p99}.`,
  lagNoEvents: "No events were stored in this time",
  lagNoEventsHelp: "Once events come, their way into the store is drawn here.",
  lagMeans: {
    none: "What is in the log is in the store.",
    small: "Consumers keep up.",
    large:
      "Consumers fall behind: is one running, and does the store take what they write? Events are safe in the log meanwhile.",
  },

  gatewayTitle: "Gateway",
  version: "Version",
  uptime: "Running for",
  started: "Started",
  asked: "Last asked",
  answered: "Last answer",

  historyTitle: "What changed while you looked",
  noHistory: "Nothing has changed since this page was opened.",
  change: (subject: string, from: string, to: string) => `${subject}: ${from} → ${to}`,
  subjects: { gateway: "Gateway", spool: "Spool" },
} as const;
