/**
 * HMAC-SHA256 over the canonical form, by WebCrypto: the same in Node and in browsers. The recorder signs by
 * Node's own crypto, which answers at once: `hmac.ts`.
 */

import { InvalidEventError } from "../errors.js";
import { canonicalizeToSend, canonicalizeWithout } from "../json/canonical.js";
import { parseStrict } from "../json/parse.js";
import { check } from "./check.js";
import { signatureBytes, toHex } from "./hex.js";
import type { SignedEvent } from "./types.js";

/** The one algorithm there is. */
export const ALGORITHM = "HMAC-SHA256";

/** What {@link withSignature} adds to a text. */
export const SIGNATURE_BYTES = ',"signature":""'.length + 64;

/**
 * Whether the event's signature is that of the secret, compared in constant time. An event that comes as text or
 * bytes is read strictly. What can't be read, or has no signature, does not verify.
 */
export async function verify(event: object | string | Uint8Array, secret: string): Promise<boolean> {
  const signed = signedPart(event);
  const key = await hmacKey(secret);
  if (signed === undefined || key === undefined) return false;
  const canonical = new TextEncoder().encode(signed.canonical);
  return crypto.subtle.verify("HMAC", key, signed.signature, canonical);
}

/** A copy of the event with `signature_algorithm` and `signature`, held to the schema. */
export async function sign(event: object, secret: string): Promise<SignedEvent> {
  const unsigned = { ...event, signature_algorithm: ALGORITHM };
  const canonical = canonicalizeToSend(unsigned);
  return check(withSignature(canonical, await signText(canonical, secret)));
}

/** The text of an event: its canonical form, and behind it the signature. */
export function withSignature(canonical: string, signature: string): string {
  return `${canonical.slice(0, -1)},"signature":"${signature}"}`;
}

/** The two parts of such a text. */
export function parted(text: string): { canonical: string; signature: string } {
  const end = text.length - SIGNATURE_BYTES - 1;
  return { canonical: `${text.slice(0, end)}}`, signature: text.slice(-'"}'.length - 64, -'"}'.length) };
}

/** What a signature covers, and the signature. */
export function signedPart(
  event: object | string | Uint8Array,
): { canonical: string; signature: Uint8Array<ArrayBuffer> } | undefined {
  try {
    const object = eventObject(event);
    const signature = signatureBytes(object["signature"]);
    return signature && { canonical: canonicalizeWithout(object, "signature"), signature };
  } catch (error) {
    if (error instanceof InvalidEventError) return undefined;
    throw error;
  }
}

/** The signature of an event: of all its members but `signature`. */
export async function signatureOf(event: object, secret: string): Promise<string> {
  return signText(canonicalizeWithout(event, "signature"), secret);
}

/** The signature of a canonical form. */
export async function signText(canonical: string, secret: string): Promise<string> {
  const key = await hmacKey(secret);
  if (key === undefined) throw new InvalidEventError("no_secret", "a signing secret has at least one character");
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(canonical))));
}

/** The event as an object, read strictly where it is text. */
function eventObject(event: object | string | Uint8Array): Record<string, unknown> {
  const value = typeof event === "string" || event instanceof Uint8Array ? parseStrict(event) : event;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new InvalidEventError("schema_violation", "an event is a JSON object");
  }
  return value as Record<string, unknown>;
}

/** WebCrypto takes no empty key. */
async function hmacKey(secret: string): Promise<CryptoKey | undefined> {
  if (secret === "") return undefined;
  const bytes = new TextEncoder().encode(secret);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}
