/** Every text of an event that is shown whole: its story, its JSON, its signature and its neighbours. */
export const words = {
  story: "Story",
  json: "JSON",
  signature: "Signature",
  views: "Ways to look at the event",
  copy: "Copy JSON",
  download: "Download",
  copyLink: "Copy link",
  openPage: "Open on its own page",
  more: "More",
  noStory: "There is no story to tell: the event has none of the parts that GAPIN knows. Look at its JSON.",

  context: "Context",
  system: "AI system",
  anySystem: "Any AI system",
  version: "Version",
  session: "Session",
  request: "Request",
  user: "User",
  trace: "Trace",
  span: "Span",
  address: "Source address",
  country: "Country",
  region: "Region",
  labels: "Labels",
  sequence: "Sequence",
  happened: "Happened",
  received: "Received",
  later: (apart: string) => `${apart} later`,
  earlier: (apart: string) => `${apart} earlier`,
  eventId: "Event id",

  showAll: (characters: string) => `Show all ${characters} characters`,
  showLess: "Show less",
  empty: "Empty",
  chosen: "Chosen",
  chosenOther: "Chosen, and none of the options",
  confidence: "Confidence",
  noOptions: "No options were recorded.",
  noMessages: "No messages were recorded.",
  moreItems: (count: string) => `${count} more are in the JSON.`,

  hidden: (kind: string) => `hidden: ${kind}`,
  hiddenWhy: (kind: string) => `Hidden before it was kept: ${kind}`,
  hiddenCount: (count: number) => (count === 1 ? "1 value is hidden" : `${count} values are hidden`),
  hiddenNone: "Nothing was hidden",
  hiddenWhere: "What was hidden, and where",
  hiddenMore: (count: string) => `and ${count} more`,

  verified: "Verified",
  verifiedAt: "Verified at",
  verifiedText: "The gateway checked the signature before it kept the event.",
  notVerified: "No verification is recorded",
  algorithm: "Algorithm",
  key: "Signing key",
  apiKey: "API key",
  gateway: "Gateway",
  rules: "Redaction rules",
  format: "Format",
  recomputed:
    "Nothing was hidden, so whoever has the signing secret can check the event again: download it, and run",
  notRecomputed:
    "The signature is of the event as it was sent. Part of it was hidden after it had been checked, so what is kept can't be checked again: the secret's owner can compare it with what they sent.",

  neighbours: "Neighbours in the session",
  previous: "Earlier in the session",
  next: "Later in the session",
  place: (at: string, of: string) => `${at} of ${of}`,
  inSession: "in the session",
  onlySession: "the only one in its session",
  wholeSession: "Session",
} as const;

/** The kinds of what is hidden, in words. */
const KINDS: Readonly<Record<string, string>> = {
  email: "e-mail address",
  phone: "phone number",
  ssn: "social security number",
  credit_card: "card number",
  iban: "IBAN",
  ip_address: "IP address",
  secret: "secret",
  password: "password",
};

export function kindName(kind: string, rule?: string): string {
  return rule ?? (Object.hasOwn(KINDS, kind) ? (KINDS[kind] as string) : kind);
}
