/** The rules of signing keys: what each version verifies, which names are names. */
import type { Schemas } from "@/api";
import { validity } from "@/lib/validity";
import { words } from "./words";

export type SigningKey = Schemas["SigningKey"];
export type Version = Schemas["SigningKeyVersion"];

/** So many versions of a key verify at once. */
export const VERIFYING_MAX = 8;

export type Verifies =
  | { kind: "signs" }
  | { kind: "verifies"; left: string; until: string }
  | { kind: "over"; since: string }
  | { kind: "revoked"; since: string };

/** What a version is still good for. Only the newest, which has no end, is there to sign with. */
export function verifies(version: Version, now: Date): Verifies {
  if (version.revoked_at) return { kind: "revoked", since: version.revoked_at };
  const end = validity(version.verify_until, now, Number.POSITIVE_INFINITY);
  if (end.kind === "soon") return { kind: "verifies", left: end.left, until: version.verify_until ?? "" };
  if (end.kind === "over") return { kind: "over", since: version.verify_until ?? "" };
  return { kind: "signs" };
}

/** The versions that verify beside the newest. */
export function olderVerifying(key: SigningKey, now: Date): Version[] {
  return key.versions.filter((version) => verifies(version, now).kind === "verifies");
}

/** A rotation adds one, and ends those that were to end later than it says. */
export function isFull(key: SigningKey, now: Date): boolean {
  return olderVerifying(key, now).length + 1 >= VERIFYING_MAX;
}

/** Somebody rotated or revoked the default: then events that name no key are refused. */
export function lacksDefault(keys: readonly SigningKey[]): boolean {
  const usable = keys.filter((key) => key.status === "active");
  return usable.length > 0 && !usable.some((key) => key.is_default);
}

export const FIELDS = ["key_id", "ai_id", "is_default"] as const;

export interface SigningKeyDraft {
  keyId: string;
  /** `any`, `other` (then `aiId` says which), or the id of a registered AI system. */
  signs: string;
  aiId: string;
  isDefault: boolean;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Records say it of events that were signed with the secret in the server's environment. */
const RESERVED = "env";

export function draftFaults(draft: SigningKeyDraft): Partial<Record<(typeof FIELDS)[number], string>> {
  const faults: Partial<Record<(typeof FIELDS)[number], string>> = {};
  const name = draft.keyId.trim();
  if (name === "") faults.key_id = words.form.nameMissing;
  else if (!NAME.test(name)) faults.key_id = words.form.nameWrong;
  else if (name === RESERVED) faults.key_id = words.form.nameReserved;
  if (draft.signs === "other" && !UUID.test(draft.aiId.trim())) faults.ai_id = words.form.aiIdWrong;
  return faults;
}

export function bodyOf(draft: SigningKeyDraft): Schemas["NewSigningKey"] {
  const aiId = draft.signs === "other" ? draft.aiId.trim() : draft.signs;
  return {
    key_id: draft.keyId.trim(),
    is_default: draft.isDefault,
    ...(draft.signs === "any" ? {} : { ai_id: aiId }),
  };
}

/** The environment that the SDKs and `gapin sign` read; the default key need not be named. */
export function environment(key: Schemas["SigningKeyWithSecret"]): string {
  return [
    `GAPIN_SIGNING_SECRET=${key.secret}`,
    `GAPIN_SIGNING_KEY_ID=${key.key_id}`,
    ...(key.ai_id ? [`GAPIN_AI_ID=${key.ai_id}`] : []),
  ].join("\n");
}
