/** The recorder's own, quicker ways are held to the plain ones. */

import assert from "node:assert/strict";
import nodeCrypto, { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";

import { canonicalize } from "@gapin/sdk";
import { HardValues } from "./support/random.js";

const DIST = new URL("../../dist/esm/", import.meta.url);

interface Hmac {
  SigningKey: new (secret: string) => { sign(text: string): string };
}

interface Safe {
  writeSafely(object: object, bytesMax: number): { text: string; bytes: number } | undefined;
}

function assertSignsAsNodeDoes({ SigningKey }: Hmac): void {
  for (let length = 1; length < 200; length++) {
    const secret = randomBytes(length).toString("base64url").slice(0, length);
    const key = new SigningKey(secret);
    for (const text of ["", "ä€😀", secret.repeat(length), "x".repeat(5_000)]) {
      assert.equal(
        key.sign(text),
        createHmac("sha256", secret).update(text).digest("hex"),
        `${length}, ${text.length}`,
      );
    }
  }
}

test("[verify.signatures] the recorder signs as Node's own HMAC does, whatever the secret and the text", async () => {
  assertSignsAsNodeDoes((await import(new URL("event/hmac.js", DIST).href)) as Hmac);
});

test("[verify.signatures] also in a Node that does not hash in one call", async () => {
  const platform = nodeCrypto as { hash?: unknown };
  const { hash } = platform;
  delete platform.hash;
  try {
    assertSignsAsNodeDoes((await import(new URL("event/hmac.js?without", DIST).href)) as Hmac);
  } finally {
    if (hash !== undefined) platform.hash = hash;
  }
});

test("[verify.canonical] what the recorder writes of plain JSON is its canonical form", async () => {
  const { writeSafely } = (await import(new URL("json/safe.js", DIST).href)) as Safe;
  const seed = Math.floor(Math.random() * 2 ** 31);
  const values = new HardValues(seed);
  for (let n = 0; n < 20_000; n++) {
    // Few members, put in order one by one, and many.
    const names = Array.from(
      { length: n % 100 === 0 ? 100 : n % 7 },
      () => values.text() + ["\u{1f600}", "\ufb33", "a", "1"][n % 4],
    );
    const event = { value: values.value(5), ...Object.fromEntries(names.map((name) => [name, n])) };
    const canonical = canonicalize(event);
    const bytes = Buffer.byteLength(canonical);
    // Exactly as many bytes as it may have, and one too few.
    assert.deepEqual(writeSafely(event, bytes), { text: canonical, bytes }, `seed ${seed}, ${n}`);
    assert.notEqual(writeSafely(event, bytes - 1)?.text, canonical, `seed ${seed}, ${n}`);
  }
});

test("[record.lossy_values] what is small and would be written often, or is looked at without end, takes no time", async () => {
  const { writeSafely } = (await import(new URL("json/safe.js", DIST).href)) as Safe;
  // A list of one list, again and again: little to hold, and more to write than there is time for.
  let lists: unknown = {};
  for (let level = 0; level < 3; level++) lists = new Array(60_000).fill(lists);
  const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`name-${n}`, undefined]));
  for (const value of [lists, new Array(60_000).fill(many)]) {
    const written = writeSafely({ value }, 256 * 1024);
    assert.ok(written === undefined || written.bytes <= 256 * 1024);
  }
});
