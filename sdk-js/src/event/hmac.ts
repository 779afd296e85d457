/**
 * HMAC-SHA256 by Node's own crypto: signs at once, for the recorder.
 *
 * An HMAC is two hashes, of the message behind one pad and of that hash behind another, and both pads come of the key
 * alone. Where Node hashes in one call (20.12 and newer), two such calls cost half of an `Hmac` object.
 */

import nodeCrypto, { createHash, createHmac, timingSafeEqual } from "node:crypto";

import { signedPart } from "./signature.js";

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

type Hash = (algorithm: string, data: Uint8Array, encoding: "latin1" | "hex") => string;
const hash = (nodeCrypto as { hash?: Hash }).hash;

/** A signing secret. Nothing shows it: what is private to the language is in no log. */
export class SigningKey {
  readonly #secret: Buffer;
  /** The inner pad, and room for a message behind it. */
  #inner: Buffer;
  /** The outer pad, and room for a hash behind it. */
  readonly #outer: Buffer;
  readonly #isQuick: boolean;

  /** Of the secret as it was shown when the key was made. */
  constructor(secret: string) {
    this.#secret = Buffer.from(secret, "utf8");
    const isLong = this.#secret.length > BLOCK_BYTES;
    const key = isLong ? createHash("sha256").update(this.#secret).digest() : this.#secret;
    this.#inner = Buffer.alloc(BLOCK_BYTES + 4_096);
    this.#outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
    for (let at = 0; at < BLOCK_BYTES; at++) {
      this.#inner[at] = (key[at] ?? 0) ^ 0x36;
      this.#outer[at] = (key[at] ?? 0) ^ 0x5c;
    }
    this.#isQuick = hash !== undefined && this.#quickly(0) === this.#slowly(0);
  }

  /** The signature of a canonical form. */
  sign(canonical: string): string {
    return this.#signed(this.#put(canonical, Buffer.byteLength(canonical)));
  }

  /** Writes a canonical form of so many bytes to a place, and gives its signature. */
  signInto(canonical: string, bytes: number, target: Uint8Array, at: number): string {
    const written = this.#put(canonical, bytes);
    this.#inner.copy(target, at, BLOCK_BYTES, BLOCK_BYTES + written);
    return this.#signed(written);
  }

  /** A message behind the inner pad. */
  #put(message: string, bytes: number): number {
    if (BLOCK_BYTES + bytes > this.#inner.length) {
      const larger = Buffer.alloc(BLOCK_BYTES + bytes * 2);
      this.#inner.copy(larger, 0, 0, BLOCK_BYTES);
      this.#inner = larger;
    }
    return this.#inner.write(message, BLOCK_BYTES, "utf8");
  }

  #signed(bytes: number): string {
    return this.#isQuick ? this.#quickly(bytes) : this.#slowly(bytes);
  }

  #quickly(bytes: number): string {
    const first = hash?.("sha256", this.#inner.subarray(0, BLOCK_BYTES + bytes), "latin1") ?? "";
    this.#outer.write(first, BLOCK_BYTES, "latin1");
    return hash?.("sha256", this.#outer, "hex") ?? "";
  }

  #slowly(bytes: number): string {
    const message = this.#inner.subarray(BLOCK_BYTES, BLOCK_BYTES + bytes);
    return createHmac("sha256", this.#secret).update(message).digest("hex");
  }
}

/** As `verify`, but answers at once. In Node alone. */
export function verifySync(event: object | string | Uint8Array, secret: string): boolean {
  const signed = signedPart(event);
  if (signed === undefined) return false;
  const expected = createHmac("sha256", secret).update(signed.canonical, "utf8").digest();
  return timingSafeEqual(expected, signed.signature);
}
