/** What each scope allows, in words; a key has some of them, a role too. */

export type ScopeName =
  | "events:write"
  | "events:read"
  | "keys:manage"
  | "topics:manage"
  | "metrics:read"
  | "audit:read"
  | "members:read"
  | "members:manage"
  | "organisation:manage";

export interface ScopeText {
  /** What it is for, as a short heading. */
  label: string;
  /** What exactly it opens. */
  hint: string;
}

export const SCOPE_TEXTS: Readonly<Record<ScopeName, ScopeText>> = {
  "events:write": {
    label: "Record events",
    hint: "Sends events and messages. What an AI system needs, and all that it needs.",
  },
  "events:read": {
    label: "Read events",
    hint: "Searches, exports and watches records and messages, and reads the register of AI systems.",
  },
  "metrics:read": { label: "Read metrics", hint: "Throughput, errors, latency and lag over time." },
  "topics:manage": {
    label: "Manage topics",
    hint: "Makes, changes and deletes topics, moves their readers, sends dead letters again.",
  },
  "keys:manage": {
    label: "Manage keys",
    hint: "Makes, rotates and revokes API keys and signing keys, and changes the register of AI systems.",
  },
  "audit:read": { label: "Read the audit trail", hint: "Who changed what, and legal holds." },
  "members:read": {
    label: "See members",
    hint: "Members, open invitations and the organisation's settings.",
  },
  "members:manage": { label: "Manage members", hint: "Invites, changes and removes members." },
  "organisation:manage": {
    label: "Manage the organisation",
    hint: "Its settings, redaction, retention, legal holds, and handing it over.",
  },
};

/** In the order in which they are shown: what programs need most comes first. */
export const SCOPES = Object.keys(SCOPE_TEXTS) as ScopeName[];

export function isScope(word: string): word is ScopeName {
  return Object.hasOwn(SCOPE_TEXTS, word);
}
