/** HMAC-SHA256 by Node's own crypto: signs at once, for the recorder. */

import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

import { signedPart } from "./signature.js";

/** A signing secret. Nothing shows it: it is a key of the platform's. */
export type SigningKey = KeyObject;

/** The secret as it was shown when the key was made. */
export function signingKey(secret: string): SigningKey {
  return createSecretKey(secret, "utf8");
}

/** The signature of a canonical form. */
export function signSync(canonical: string, key: SigningKey): string {
  return createHmac("sha256", key).update(canonical, "utf8").digest("hex");
}

/** As `verify`, but answers at once. In Node alone. */
export function verifySync(event: object | string | Uint8Array, secret: string): boolean {
  const signed = signedPart(event);
  if (signed === undefined) return false;
  const expected = createHmac("sha256", secret).update(signed.canonical, "utf8").digest();
  return timingSafeEqual(expected, signed.signature);
}
