import assert from "node:assert/strict";
import { test } from "node:test";
import * as sdk from "@gapin/sdk";
import * as browser from "@gapin/sdk/browser";
import { type Bytes, bytesOf, vectors } from "./support/contract.js";

interface Event extends Bytes {
  secret: string;
  now: string;
}

/** What a gateway does with the bytes of an event; its id, when it takes it. */
async function take(vector: Event): Promise<string | undefined> {
  const bytes = bytesOf(vector);
  const event = sdk.check(bytes);
  sdk.checkTime(event, vector.now);
  const isVerified = await sdk.verify(bytes, vector.secret);
  assert.equal(sdk.verifySync(bytes, vector.secret), isVerified);
  if (!isVerified) throw new sdk.InvalidEventError("invalid_signature", "not the signature of this event");
  return sdk.eventIdOf(event);
}

test("[verify.canonical] every canonical vector, to the byte", () => {
  for (const { name, json, canonical } of vectors<{ json: string; canonical: string }>("canonical.jsonl")) {
    assert.equal(sdk.canonicalize(sdk.parseStrict(json)), canonical, name);
  }
});

test("[verify.signatures] every signature vector", async () => {
  type Vector = { json: string; secret: string; signature: string };
  for (const { name, json, secret, signature } of vectors<Vector>("signatures.jsonl")) {
    const event = sdk.parseStrict(json) as object;
    if (secret !== "") assert.equal(await sdk.signatureOf(event, secret), signature, name);
    const signed = { ...event, signature };
    assert.equal(await browser.verify(signed, secret), true, name);
    assert.equal(sdk.verifySync(signed, secret), true, name);
    assert.equal(await sdk.verify(signed, `${secret}x`), false, name);
    assert.equal(await sdk.verify({ ...signed, more: 1 }, secret), false, name);
  }
});

test("[verify.signatures] a signed event verifies, and what is no event does not", async () => {
  const event = {
    event_type: "ai.query",
    ai_id: crypto.randomUUID(),
    ai_version: "1",
    timestamp: "2026-03-01T09:30:00Z",
    metadata: {},
    query: { prompt: "hi" },
  };
  const signed = await sdk.sign(event, "not-a-secret");
  assert.equal(await sdk.verify(signed, "not-a-secret"), true);
  assert.equal(await sdk.verify(JSON.stringify(signed), "not-a-secret"), true);
  assert.equal(await sdk.verify(JSON.stringify(signed).replace("}", ',"metadata":{}}'), "not-a-secret"), false);
  assert.equal(await sdk.verify("[]", "not-a-secret"), false);
  assert.equal(await sdk.verify(event, "not-a-secret"), false);
  await assert.rejects(sdk.sign({ ...event, extra: 1 }, "not-a-secret"), { code: "schema_violation" });
});

test("[verify.valid] every valid vector is taken, under its id", async () => {
  for (const vector of vectors<Event & { event_id: string }>("events-valid.jsonl")) {
    assert.equal(await take(vector).catch((error: unknown) => error), vector.event_id, vector.name);
  }
});

test("[verify.invalid] every invalid vector is refused, with its code and faults", async () => {
  type Vector = Event & { code: string; faults: { pointer: string; code: string }[] };
  const sorted = (faults: readonly { pointer: string; code: string }[]): string[] =>
    faults.map(({ pointer, code }) => `${pointer} ${code}`).sort();
  for (const vector of vectors<Vector>("events-invalid.jsonl")) {
    const error = await take(vector).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof sdk.InvalidEventError, `${vector.name}: ${String(error)}`);
    assert.equal(error.code, vector.code, `${vector.name}: ${error.message}`);
    if (vector.code === "schema_violation") assert.deepEqual(sorted(error.errors), sorted(vector.faults), vector.name);
  }
});

test("[verify.identity] every identity vector", () => {
  type Vector = { timestamp: string; signature: string; event_id: string };
  for (const { name, timestamp, signature, event_id } of vectors<Vector>("identity.jsonl")) {
    assert.equal(sdk.deriveEventId(timestamp, signature), event_id, name);
  }
});

test("[verify.canonical] what is no JSON is refused with its place", () => {
  const cases: [unknown, string][] = [
    [{ a: [1, Number.NaN] }, "/a/1"],
    [{ "a/b": { "c~d": 10n } }, "/a~1b/c~0d"],
    [{ at: new Date(0) }, "/at"],
    [{ text: "\ud800" }, "/text"],
    [[undefined], "/0"],
  ];
  for (const [value, pointer] of cases) {
    assert.throws(
      () => sdk.canonicalize(value),
      (error) => error instanceof sdk.InvalidEventError && error.errors[0]?.pointer === pointer,
    );
  }
});
