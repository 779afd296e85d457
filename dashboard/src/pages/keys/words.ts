/** What the page of API keys says. */
import { formatCompact, formatCount, formatExact } from "@/lib/numbers";
import { shellWord } from "@/lib/shell";
import { cut, visible } from "@/lib/text";

/** A name within a sentence or a title, where no element can hold its writing direction in. */
const named = (name: string) => visible(cut(name, 64));
const keys = (n: number) => (n === 1 ? "1 key" : `${formatCount(n)} keys`);

export const words = {
  title: "API keys",
  subtitle: "Programs use a key to record and to read. It is shown once; what is kept of it is a hash.",
  create: "Create key",
  search: "Search names and prefixes",
  list: "API keys",

  filter: "Which keys",
  filters: { usable: "In use", ended: "Ended", all: "All" },

  columns: {
    name: "Name",
    key: "Key",
    scopes: "Scopes",
    limits: "Limits",
    lastUsed: "Last used",
    ends: "Ends",
    status: "Status",
  },
  by: (who: string) => `by ${who}`,
  neverUsed: "Never",
  neverEnds: "Never",
  more: (n: number) => `+${n}`,
  moreScopes: (scopes: string) => `Also: ${scopes}`,
  limits: (aMinute: number | null | undefined, aDay: number | null | undefined) => {
    const parts = [
      ...(aMinute == null ? [] : [`${formatCompact(aMinute)}/min`]),
      ...(aDay == null ? [] : [`${formatCompact(aDay)}/day`]),
    ];
    return parts.length === 0 ? "No limits" : parts.join(" · ");
  },

  status: {
    active: "Active",
    soon: (left: string) => `Ends in ${left}`,
    expired: "Expired",
    revoked: "Revoked",
    overlap: (left: string) => `Old one: ${left}`,
  },

  details: "Details",
  edit: "Edit",
  rotate: "Rotate",
  revoke: "Revoke",

  unusable: "This can't be done",
  revokedAlready: (name: string) => `${named(name)} is revoked, and stays it.`,

  soon: {
    title: (n: number) => (n === 1 ? "A key ends soon" : `${keys(n)} end soon`),
    body: "From its end on a key is refused, and what its program records is lost. Rotating moves no end: change it.",
    extend: (name: string) => `Change the end of ${named(name)}`,
    in: (left: string) => `in ${left}`,
  },

  empty: {
    title: "No API keys yet",
    body: "A program that records needs one key and one signing secret. Create a key here, or on the server:",
    command: (organisation: string) =>
      `gapin keys create --org ${shellWord(organisation)} --name agent-1 --scopes events:write`,
  },
  noneFound: {
    title: "No key matches",
    body: (n: number) =>
      `None of the ${keys(n)} that are loaded. Search for another name, or show ended keys too.`,
    action: "Show all keys",
  },

  form: {
    createTitle: "Create an API key",
    createBody: "The key is shown once, after this.",
    editTitle: (name: string) => `Edit ${named(name)}`,
    editBody: "The secret stays the same. What changes holds on every gateway within a second.",
    name: "Name",
    nameHint: "What it is for: a program, a place. Unique among keys that are not revoked.",
    namePlaceholder: "booking-agent",
    nameMissing: "Give it a name.",
    nameTaken: "Another key that is not revoked has this name.",
    purpose: "What it is for",
    purposes: { record: "Record", read: "Read", all: "Everything", own: "Custom" },
    scopes: "Scopes",
    scopesMissing: "Choose at least one scope.",
    scopesWithheld: (scopes: string) => `Your role can't give ${scopes}.`,
    ends: "Ends",
    endsKeep: "As it is",
    endsPresets: { "30": "30 days", "90": "90 days", "365": "365 days", never: "Never", own: "Custom" },
    endsHintNever: "Good until it is revoked.",
    endsHint: "Refused from then on: ",
    endsOwn: "Day and time",
    endsOwnMissing: "Choose a day and a time.",
    endsPast: "Choose a time that lies ahead.",
    restrict: "Where from, and how much",
    addresses: "Allowed addresses",
    addressesHint: "One address or range (CIDR) in a line. Empty: from everywhere.",
    addressesPlaceholder: "203.0.113.0/24\n2001:db8::/48",
    addressesTooMany: "At most 64 addresses and ranges.",
    requestsPerMinute: "Requests in a minute",
    eventsPerDay: "Events in a day (UTC)",
    limitHint: "Empty: what the plan allows.",
    limitOfPlan: (n: number) => `Empty: what the plan allows, ${formatExact(n)}.`,
    limitOff: "Empty: no limit.",
    limitWrong: "A whole number, 1 or more.",
    save: "Save changes",
    cancel: "Cancel",
    unchanged: "Nothing was changed.",
    saved: (name: string) => `${named(name)} was changed.`,
  },

  secret: {
    made: "Save this API key",
    rotated: "Save the new secret",
    label: "API key",
    note: "This is the only time that it is shown. Put it where the program's secrets are kept.",
    use: "The SDKs and the command line read it from the environment:",
    next: "To record, a program also needs a signing secret.",
    nextLink: "Signing keys",
    overlap: "The old secret stays good until",
    overlapNone: "The old secret is refused from now on.",
  },

  rotating: {
    title: (name: string) => `Rotate ${named(name)}`,
    body: "The key gets a new secret. Its id, scopes, limits and end stay as they are.",
    overlap: "Until when the old secret is good",
    options: {
      "0": { label: "Not any more", hint: "Refused within a second. For a secret that leaked." },
      "3600": { label: "One more hour", hint: "Time to restart one program." },
      "86400": { label: "One more day", hint: "Time to hand the new one round." },
      "604800": { label: "Seven more days", hint: "The most that there is." },
    },
    before: "This key was rotated before: the secret before the present one is good until ",
    beforeEnds: ", and ends with this rotation.",
    expiring: "This key ends soon. Rotating moves no end: change it with Edit.",
    action: "Rotate",
  },

  revoking: {
    title: (name: string) => `Revoke ${named(name)}?`,
    body: "Every gateway refuses it within a second, for good. What it recorded stays.",
    lastUsed: "It was last used ",
    neverUsed: "It was never used.",
    action: "Revoke",
    done: (name: string) => `${named(name)} is revoked.`,
  },

  detail: {
    id: "Id",
    prefix: "Begins with",
    status: "Status",
    made: "Made",
    lastUsed: "Last used",
    lastUsedHint: "give or take a minute",
    ends: "Ends",
    revoked: "Revoked",
    previous: "Old secret good until",
    addresses: "Allowed addresses",
    everywhere: "From everywhere",
    limits: "Limits",
    requests: "Requests in any 60 seconds",
    events: "Events in a day (UTC)",
    own: "its own",
    plan: "of the plan",
    noLimit: "No limit, and not counted",
    used: "Used",
    usedOf: (used: string, limit: string) => `${used} of ${limit} used`,
    usedUnknown: "…",
    usageUnknown: "What is used of the limits can't be asked now.",
    resets: "More from",
    limitsNote: "What holds for this key. Past it the answer is 429, with Retry-After.",
    scopes: "What it may do",
    trail: "Its entries in the audit trail",
    tooMuch: "This key may more than you may, so you can revoke it but not change it.",
  },
} as const;
