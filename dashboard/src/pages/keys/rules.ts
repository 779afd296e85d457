/** The rules of API keys: who may change one, what a form says of it, which are shown. */
import type { Schemas } from "@/api";
import { SCOPES, type ScopeName } from "@/lib/scopes";
import { afterDays, type Validity, validity } from "@/lib/validity";
import { fromField } from "@/lib/wall-clock";
import { words } from "./words";

export type ApiKey = Schemas["ApiKey"];
type May = (scope: ScopeName) => boolean;

/** Nobody gives what they lack; but people, who record nothing themselves, make the keys that record. */
export function mayGive(scope: ScopeName, can: May): boolean {
  return scope === "events:write" || can(scope);
}

export function scopesToGive(can: May): ScopeName[] {
  return SCOPES.filter((scope) => mayGive(scope, can));
}

/** Whoever could change a key that may more than they may could use it. */
export function mayChange(key: ApiKey, can: May): boolean {
  return key.status !== "revoked" && key.scopes.every((scope) => mayGive(scope, can));
}

export type Purpose = "record" | "read" | "all" | "own";

/** The scopes of a purpose; `undefined` where they are chosen one by one. */
export function scopesFor(purpose: Purpose, can: May): ScopeName[] | undefined {
  switch (purpose) {
    case "record":
      return ["events:write"];
    case "read":
      return ["events:read", "metrics:read"];
    case "all":
      return scopesToGive(can);
    case "own":
      return undefined;
  }
}

export function purposeOf(scopes: readonly ScopeName[], can: May): Purpose {
  const chosen = [...scopes].sort().join();
  const purposes = ["record", "read", "all"] as const;
  return purposes.find((purpose) => scopesFor(purpose, can)?.sort().join() === chosen) ?? "own";
}

export type EndsChoice = "keep" | "30" | "90" | "365" | "never" | "own";

/** A key as it stands in a form. */
export interface KeyDraft {
  name: string;
  scopes: ScopeName[];
  ends: EndsChoice;
  /** What a `datetime-local` field holds, in the viewer's zone. */
  endsOn: string;
  /** One a line. */
  addresses: string;
  requestsPerMinute: string;
  eventsPerDay: string;
}

export const NEW_KEY: KeyDraft = {
  name: "",
  scopes: ["events:write"],
  ends: "365",
  endsOn: "",
  addresses: "",
  requestsPerMinute: "",
  eventsPerDay: "",
};

export function draftOf(key: ApiKey): KeyDraft {
  return {
    name: key.name,
    scopes: key.scopes,
    ends: "keep",
    endsOn: "",
    addresses: key.allowed_ips.join("\n"),
    requestsPerMinute: key.requests_per_minute?.toString() ?? "",
    eventsPerDay: key.events_per_day?.toString() ?? "",
  };
}

/** When a key of this draft ends; `null` is never, `undefined` that it stays as it is or cannot be told. */
export function endOf(draft: Pick<KeyDraft, "ends" | "endsOn">, now: Date): Date | null | undefined {
  switch (draft.ends) {
    case "keep":
      return undefined;
    case "never":
      return null;
    case "own":
      return fromField(draft.endsOn);
    default:
      return afterDays(now, Number(draft.ends));
  }
}

export function addressesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== "");
}

const ADDRESSES_MAX = 64;

/** The fields of the body, by the names that the gateway's faults call them. */
export const FIELDS = [
  "name",
  "scopes",
  "expires_at",
  "allowed_ips",
  "requests_per_minute",
  "events_per_day",
] as const;
export type KeyField = (typeof FIELDS)[number];

/** What can be seen to be wrong before anything is sent. */
export function draftFaults(draft: KeyDraft, now: Date): Partial<Record<KeyField, string>> {
  const faults: Partial<Record<KeyField, string>> = {};
  if (draft.name.trim() === "") faults.name = words.form.nameMissing;
  if (draft.scopes.length === 0) faults.scopes = words.form.scopesMissing;
  if (draft.ends === "own") {
    const end = endOf(draft, now);
    if (end === undefined) faults.expires_at = words.form.endsOwnMissing;
    else if (end !== null && end <= now) faults.expires_at = words.form.endsPast;
  }
  if (addressesOf(draft.addresses).length > ADDRESSES_MAX) faults.allowed_ips = words.form.addressesTooMany;
  if (limitOf(draft.requestsPerMinute) === "wrong") faults.requests_per_minute = words.form.limitWrong;
  if (limitOf(draft.eventsPerDay) === "wrong") faults.events_per_day = words.form.limitWrong;
  return faults;
}

/** A limit as it was typed, with or without marks between thousands; `null` where there is none. */
export function limitOf(text: string): number | null | "wrong" {
  const digits = text.replaceAll(/[\s,_']/g, "");
  if (digits === "") return null;
  const limit = Number(digits);
  return /^\d+$/.test(digits) && limit >= 1 && Number.isSafeInteger(limit) ? limit : "wrong";
}

function limitToSend(text: string): number | null {
  const limit = limitOf(text);
  return limit === "wrong" ? null : limit;
}

/** What is sent to make it. */
export function bodyOf(draft: KeyDraft, now: Date): Schemas["NewKey"] {
  const end = endOf(draft, now);
  const addresses = addressesOf(draft.addresses);
  const requests = limitToSend(draft.requestsPerMinute);
  const events = limitToSend(draft.eventsPerDay);
  return {
    name: draft.name.trim(),
    scopes: draft.scopes,
    ...(end ? { expires_at: end.toISOString() } : {}),
    ...(addresses.length > 0 ? { allowed_ips: addresses } : {}),
    ...(requests === null ? {} : { requests_per_minute: requests }),
    ...(events === null ? {} : { events_per_day: events }),
  };
}

/** What is sent to change it: what differs, alone. */
export function changesOf(key: ApiKey, draft: KeyDraft, now: Date): Schemas["ChangedKey"] {
  const before = draftOf(key);
  const changes: Schemas["ChangedKey"] = {};
  if (draft.name.trim() !== key.name) changes.name = draft.name.trim();
  if (!sameWords(draft.scopes, key.scopes)) changes.scopes = draft.scopes;
  const end = endOf(draft, now);
  if (end !== undefined) changes.expires_at = end?.toISOString() ?? null;
  const addresses = addressesOf(draft.addresses);
  if (!sameWords(addresses, key.allowed_ips)) changes.allowed_ips = addresses;
  if (draft.requestsPerMinute !== before.requestsPerMinute) {
    changes.requests_per_minute = limitToSend(draft.requestsPerMinute);
  }
  if (draft.eventsPerDay !== before.eventsPerDay) changes.events_per_day = limitToSend(draft.eventsPerDay);
  return changes;
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join("\n") === [...other].sort().join("\n");
}

export const WHICH = ["usable", "ended", "all"] as const;
export type Which = (typeof WHICH)[number];

export function isShown(key: ApiKey, which: Which, search: string): boolean {
  if (which === "usable" && key.status !== "active") return false;
  if (which === "ended" && key.status === "active") return false;
  const wanted = search.trim().toLowerCase();
  return [key.name, key.prefix, key.made_by, key.id].some((text) => text.toLowerCase().includes(wanted));
}

/** The keys that are good and end soon, the next to end first. */
export function endingSoon(keys: readonly ApiKey[], now: Date): { key: ApiKey; left: string; until: Date }[] {
  return keys
    .flatMap((key) => {
      const end: Validity = validity(key.expires_at, now);
      return key.status === "active" && end.kind === "soon"
        ? [{ key, left: end.left, until: end.until }]
        : [];
    })
    .sort((a, b) => a.until.getTime() - b.until.getTime());
}

/** How long the secret before the last rotation is still good. */
export function overlapLeft(key: ApiKey, now: Date): string | undefined {
  const previous = validity(key.previous_valid_until, now);
  return key.status === "active" && previous.kind === "soon" ? previous.left : undefined;
}
