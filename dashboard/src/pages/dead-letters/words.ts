import type { LeftOutReason, Reason } from "./reasons";

const number = new Intl.NumberFormat("en-GB");
const letters = (count: number) => (count === 1 ? "1 letter" : `${number.format(count)} letters`);
const records = (count: number) => (count === 1 ? "1 record" : `${number.format(count)} records`);

/** What is said of a letter's reason. */
export interface Explanation {
  label: string;
  /** What has happened. */
  means: string;
  /** What to do about it. */
  todo: readonly string[];
}

const reasons: Readonly<Record<Reason, Explanation>> = {
  event_id_conflict: {
    label: "Id used twice",
    means:
      "Another event with this id, and another signature, was stored before. The first one stays; this one was set aside.",
    todo: [
      "Find out who gives ids twice: compare this record with the event that has the id. Two processes that count from the same place, or a retry that signs anew, are the usual causes.",
      "Leave event_id out, and it is derived from the time and the signature, which no two events share.",
      "Redriving does not help: the event that has the id stays.",
    ],
  },
  refused_by_store: {
    label: "Refused by the store",
    means: "The database refuses this very row. Other records were stored, so the database itself works.",
    todo: [
      "Read the detail: it has the database's own code.",
      "Mend what refuses it: a constraint that was added by hand, a trigger, a partition that is missing, a disk that is full for one table.",
      "Then redrive: the record is appended to the log again and stored like any other.",
    ],
  },
  not_a_record: {
    label: "Not a record",
    means: "Somebody else wrote to the topic of the events. What they wrote is no record of GAPIN's.",
    todo: [
      "Find out who may write to the topic besides the gateway, and take that right away.",
      "There is nothing to redrive: what was written is no event.",
    ],
  },
};

export const words = {
  title: "Dead letters",
  subtitle: "Records that could never be stored, each with its reason. Letters are kept for 90 days.",
  titleOfOne: (id: string) => `Dead letter ${id}`,
  reasons,
  unknownReason: {
    label: "Unknown reason",
    means: "The gateway names a reason that this page does not know. The detail says more.",
    todo: ["Read the detail and the gateway's log of that time."],
  } satisfies Explanation,
  leftOut: {
    event_id_conflict:
      "Another event with the same id is stored, and stays: it would only become a letter again.",
    no_record: "It carries no record that could be appended again.",
    nobodys_record: "Nobody knows whose record it is.",
    too_often: "Its record was appended again 16 times, and failed each time.",
  } satisfies Record<LeftOutReason, string>,

  filterReason: "Reason",
  anyReason: "Any reason",
  filterState: "State",
  states: { open: "Open", redriven: "Redriven", all: "All" },
  filterTime: "When it was set aside",
  clearFilters: "Clear filters",
  refresh: "Refresh",

  table: "Dead letters, newest first",
  columns: {
    select: "Select",
    reason: "Reason",
    detail: "Detail",
    aiSystem: "AI system",
    event: "Event",
    at: "Set aside",
    state: "State",
  },
  selectOne: (id: string) => `Select letter ${id}`,
  selectAll: (count: number) => `Select all ${number.format(count)} shown that can be redriven`,
  selected: (count: number) => `${number.format(count)} selected`,
  clearSelection: "Clear selection",
  open: "Open",
  redriven: "Redriven",
  again: (times: number) =>
    times === 1 ? "failed again once" : `failed again ${number.format(times)} times`,
  openLetter: "Open letter",
  nobody: "None named",

  none: "No dead letters",
  noneHelp:
    "Everything that was recorded could be stored. A record that never can is shown here with its reason, and what is behind it goes on.",
  noneMatch: "No letter matches",
  noneMatchHelp: "Letters are kept for 90 days, and the newest 10,000 are listed.",
  noOpen: "No open dead letters",
  noOpenHelp: "Nothing waits for you. Letters that were redriven stay listed for 90 days.",
  showAll: "Show all",

  redrive: "Redrive",
  redriveSelected: (count: number) => `Redrive ${number.format(count)}`,
  redriveMatching: "Redrive all that match",
  redriveAgain: "Redrive again",
  redriveTitle: "Redrive dead letters",
  redriveMeans:
    "Each record is appended to the log again as it was, and stored like any other. What is stored already stays as it is, so doing it twice does no harm. What fails again becomes a new letter.",
  counting: "Counting the letters…",
  willRedrive: (count: number) =>
    count === 0 ? "No letter can be redriven." : `${letters(count)} will be redriven.`,
  willLeaveOut: (count: number) => `${letters(count)} left out`,
  willNot: (count: number) => `${letters(count)} can’t be redriven`,
  doRedrive: (count: number) => `Redrive ${letters(count)}`,
  running: (done: number, of: number) => `${number.format(done)} of ${number.format(of)} redriven…`,
  done: (count: number) => `${records(count)} ${count === 1 ? "is" : "are"} in the log again.`,
  doneNone: "Nothing was redriven.",
  failed: (count: number) => `${letters(count)} failed`,
  stopped: "It was broken off before the end. What was redriven stays redriven.",
  moreLeft: "More letters match. Redrive once more to go on.",
  cancel: "Cancel",
  close: "Close",
  ids: (ids: readonly string[]) => {
    const shown = ids.slice(0, 10).join(", ");
    return ids.length > 10 ? `${shown} and ${number.format(ids.length - 10)} more` : shown;
  },
  redrivenToast: (count: number) => `${records(count)} appended to the log again`,

  why: "Why",
  whatToDo: "What to do",
  detail: "Detail",
  about: "About",
  record: "Record",
  recordHelp: "As it would have been stored: it was redacted before it came into the log.",
  text: "What was there instead of a record",
  textHelp: "Shown as text, with everything hidden that any rule finds.",
  nothingCarried: "What it carried was left out",
  nothingCarriedHelp: "It was too large, or no plain text.",
  facts: {
    id: "Letter",
    at: "Set aside",
    state: "State",
    place: "Place in the log",
    aiSystem: "AI system",
    event: "Event",
    from: "Earlier letter",
    redrives: "Redriven before",
    redriven: "Redriven",
    by: "By",
  },
  place: (topic: string, partition: number, offset: number) =>
    `${topic}, partition ${partition}, offset ${offset}`,
  times: (count: number) => (count === 0 ? "Never" : count === 1 ? "Once" : `${number.format(count)} times`),
  byKind: { user: "A person", api_key: "An API key", operator: "The operator" } as Readonly<
    Record<string, string>
  >,
  eventWithId: "See the event that has this id",
  seeEvent: "See the event",
  hidden: (kind: string) => `hidden: ${kind}`,
  downloadRecord: "Download",
  back: "Dead letters",
  confirmOne: "Redrive this letter?",
  confirmOneBody:
    "1 record is appended to the log again as it was, and stored like any other. If it is stored already, it stays as it is. If it fails again, it becomes a new letter that names this one.",
  confirmAgainBody:
    "This letter was redriven before. 1 record is appended to the log once more; what is stored already stays as it is.",
  notRedrivable: "This letter can’t be redriven",
} as const;
