import type { Kind, Mode } from "./kinds";

const number = new Intl.NumberFormat("en-GB");
const counted = (count: number, one: string, many: string) =>
  count === 1 ? `1 ${one}` : `${number.format(count)} ${many}`;

/** A kind: what it is called, what makes it one, and one of it. */
interface KindWords {
  label: string;
  hint: string;
  example: string;
}

const kinds: Readonly<Record<Kind, KindWords>> = {
  email: { label: "E-mail addresses", hint: "Internationalised ones too.", example: "ann@example.com" },
  phone: {
    label: "Telephone numbers",
    hint: "With a country, in a shape of their own, or beside a word that says so.",
    example: "+49 30 901820",
  },
  ssn: {
    label: "US social security numbers",
    hint: "Nine plain digits only where somebody says so.",
    example: "536-22-1234",
  },
  ip_address: {
    label: "IP addresses",
    hint: "IPv4 and IPv6. Off unless you say otherwise.",
    example: "203.0.113.7",
  },
  credit_card: {
    label: "Payment cards",
    hint: "An issuer’s range, its length and the check digit.",
    example: "4111 1111 1111 1111",
  },
  iban: {
    label: "Bank accounts",
    hint: "IBANs, by the country’s length and the check digits.",
    example: "DE89 3704 0044 0532 0130 00",
  },
  secret: {
    label: "Secrets",
    hint: "Tokens of some 200 services, JSON Web Tokens, private keys, passwords in URLs.",
    example: "postgres://app:kX9vT2qLm7Rb@db/orders",
  },
  password: {
    label: "Passwords",
    hint: "The value of what is called a password, a secret, a token or a key.",
    example: "password: kX9vT2qLm7Rb",
  },
};

const modes: Readonly<Record<Mode, { label: string; hint: string }>> = {
  mask: { label: "Mask", hint: "The same placeholder for every value." },
  pseudonym: {
    label: "Pseudonym",
    hint: "A token that is the same for the same value, so that records of one person are found together.",
  },
  off: { label: "Off", hint: "Not searched for: recorded as it is sent." },
};

export const words = {
  title: "Redaction",
  subtitle:
    "What is hidden in every event before it is kept. A change holds for events that come from then on.",
  kinds,
  modes,

  kindsTitle: "Kinds",
  kindsHelp: "Every string and every key of an event is searched, and what is encoded in them.",
  modeOf: (label: string) => `${label}: what becomes of them`,
  becomes: "becomes",
  stays: "stays as it is",
  isDefault: "default",
  onlyOwners: "Owners of the organisation change these settings.",
  version: (version: number) =>
    version === 0
      ? "Nothing was changed yet: everything is as it is by default."
      : `Version ${number.format(version)} of the settings`,
  changedBy: "Last changed by",

  rulesTitle: "Own rules",
  rulesHelp:
    "Patterns and places of your own, at most 32. Where two rules find the very same text, the first in the list names it.",
  addRule: "Add rule",
  editRule: "Edit",
  removeRule: "Remove",
  moveUp: "Move up",
  moveDown: "Move down",
  rulesFull: "There are 32 rules, and no more can be added.",
  noRules: "No rules of your own",
  noRulesHelp:
    "Add one for what only you know: an employee number, a ticket id, or a member of the event that says who somebody is.",
  rulePattern: "Pattern",
  rulePointer: "Place",
  ruleMode: (name: string) => `What becomes of what ${name} finds`,
  moved: (name: string, position: number) => `${name} is now rule ${position}.`,
  removed: (name: string) => `${name} is removed once you save.`,

  newRule: "Add a rule",
  editRuleTitle: (name: string) => `Edit the rule ${name}`,
  name: "Name",
  nameHint: "Stands in the placeholder. Small letters, digits and _, at most 32.",
  nameMissing: "A rule has a name.",
  nameWrong: "Small letters a–z, digits and _ alone, at most 32.",
  nameTaken: "Another rule has this name.",
  renamed: "A rule of another name makes other pseudonyms of the same values.",
  find: "Finds",
  findPattern: "Text that matches",
  findPointer: "What stands in a place",
  pattern: "Regular expression",
  patternHint:
    "Searched for in every string and key. It matches at least 4 and at most 256 bytes; no look-around, no back-references.",
  patternMissing: "A rule of this sort has an expression.",
  pointer: "JSON pointer",
  pointerHint: "A place in the event, as /metadata/user_id. A segment * stands for every member or element.",
  pointerMissing: "A rule of this sort has a pointer.",
  tooLong: "At most 512 bytes.",
  mode: "What becomes of it",
  tryIt: "Try it on a text",
  tryPointer: "Try it on an event",
  tryHint: "Only this rule is tried. Nothing of it is kept.",
  found: (count: number) =>
    count === 0 ? "The rule finds nothing here." : `The rule finds ${counted(count, "text", "texts")}.`,
  apply: "Apply",
  applyHint: "It holds once the settings are saved.",
  cancel: "Cancel",

  keyTitle: "Key of the pseudonyms",
  keyHelp:
    "Pseudonyms are made with a key that belongs to this organisation alone and never leaves the server. Without it nobody can test a guess, nor make a pseudonym again.",
  keyVersion: "Key",
  keyNumber: (version: number) => `No. ${number.format(version)}`,
  keyMade: "Made",
  noKey: "There is none yet: the first settings that are saved make it.",
  erase: "Erase the key",
  eraseTitle: "Erase the key of the pseudonyms?",
  eraseBody:
    "From then on nobody, GAPIN neither, can find out whose an older pseudonym is, or make it again. What was recorded stays as it stands. The same person has another pseudonym from now on. This can’t be undone; copies in backups last as long as the backups do.",
  eraseAction: "Erase the key",
  erased: "The key is erased, and another is in its place",

  previewTitle: "Live preview",
  previewHelp: "Try the settings as they stand on this page, saved or not. Nothing of it is kept or logged.",
  sampleKind: "What it is",
  sampleKinds: { text: "Text", value: "JSON", event: "Event" },
  sample: "Sample",
  sampleHints: {
    text: "Any text, at most 64 KiB.",
    value: "Any JSON, at most 64 KiB.",
    event: "An event as it would be sent, signed or not. Places of own rules are looked for here.",
  },
  example: "Insert an example",
  /** Something of every kind, as people and programs write it. */
  exampleLines: [
    "Ann, ann@example.com, called from +49 30 901820.",
    "Her SSN is 536-22-1234, her card 4111 1111 1111 1111, her account DE89 3704 0044 0532 0130 00.",
    "Logged in from 203.0.113.7 with password: kX9vT2qLm7Rb",
    "DATABASE=postgres://app:kX9vT2qLm7Rb@db.internal/orders",
  ],
  newestEvent: "Use the newest event",
  noEvents: "Nothing was recorded yet",
  clear: "Clear",
  notJson: (why: string) => `This is no JSON yet: ${why}`,
  notAnObject: "An event is a JSON object.",
  tooLarge: (size: string) =>
    `The sample has ${size}; a preview takes 64 KiB. The command gapin redact takes more.`,
  result: "Redacted",
  resultEmpty: "Type or paste something above, and see what would be recorded of it.",
  findings: (count: number) => counted(count, "finding", "findings"),
  isMore: "More was found than is listed; all of it is hidden.",
  updating: "Updating…",
  updated: (count: number) =>
    count === 0 ? "Nothing is hidden" : `${counted(count, "finding", "findings")} hidden`,
  findingsList: "What was hidden",
  wholeText: "in the text",
  inKey: (pointer: string) => `key ${pointer}`,
  ownRule: (name: string) => `Own rule ${name}`,
  finding: (number: number, kind: string) => `${number}: ${kind}`,
  rulesUsed: (version: string) => `Rules ${version}`,
  triedRules: "with your unsaved changes",
  settingsWrong: "These settings can’t be tried",

  unsaved: (count: number) => counted(count, "unsaved change", "unsaved changes"),
  save: "Save",
  discard: "Discard",
  saved: "Saved. It holds for events that come from now on",
  weakens: "Less will be hidden from now on",
  weakensTitle: "Hide less from now on?",
  weakensBody:
    "What comes from then on is recorded as it is sent, and stays so. Setting it back later hides nothing of it.",
  weakensAction: "Save",
  leaveTitle: "Leave without saving?",
  leaveBody: (count: number) => `${counted(count, "change is", "changes are")} not saved, and would be lost.`,
  leave: "Leave",
  conflictTitle: "Somebody else saved meanwhile",
  conflictBody: "These settings were changed after you opened the page. To save yours replaces all of it.",
  conflictTheirs: "What they changed",
  takeTheirs: "Discard mine",
  saveMine: "Save mine over it",

  changes: {
    mode: (label: string, from: string, to: string) => `${label}: ${from} → ${to}`,
    ruleAdded: (name: string) => `Rule ${name} is added`,
    ruleRemoved: (name: string) => `Rule ${name} is removed`,
    ruleRenamed: (from: string, to: string) => `Rule ${from} is called ${to}`,
    ruleFinds: (name: string) => `Rule ${name} finds something else`,
    ruleMode: (name: string, from: string, to: string) => `Rule ${name}: ${from} → ${to}`,
    order: "The rules stand in another order",
  },
} as const;
