import assert from "node:assert/strict";
import { test } from "node:test";

import { type Client, ConflictError, NotFoundError } from "@gapin/sdk";
import { client, newSession, recorder, stored } from "./support/stored.js";

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function tenEvents(reader: Client): Promise<string> {
  const session = newSession();
  const one = recorder();
  for (let n = 0; n < 10; n++)
    one.query({ prompt: `${n}` }, { metadata: { session_id: session }, timestamp: new Date(Date.now() - 60_000 + n) });
  assert.equal(await one.close(30_000), true);
  await stored(reader, session, 10);
  return session;
}

test("[read.list] all events over several pages, newest first", async () => {
  const reader = client();
  const session = await tenEvents(reader);
  const listing = reader.events.list({ session_id: session, limit: 3 });
  const prompts = (await all(listing)).map(({ event }) => event.query?.prompt);
  assert.deepEqual(prompts, ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
  assert.deepEqual(
    (await all(listing.pages())).map(({ items }) => items.length),
    [3, 3, 3, 1],
  );
  const first = await listing.page();
  assert.equal((await listing.page(first.next_cursor ?? "")).items[0]?.event.query?.prompt, "6");
  const recent = reader.events.list({ session_id: session, from: new Date(Date.now() + 60_000) });
  assert.deepEqual(await all(recent), []);
});

test("[read.get] one record; a typed error where there is none", async () => {
  const reader = client();
  const session = await tenEvents(reader);
  const [listed] = await all(reader.events.list({ session_id: session, limit: 1 }));
  assert.deepEqual(await reader.events.get(listed?.record.event_id ?? ""), listed);
  await assert.rejects(reader.events.get(crypto.randomUUID()), NotFoundError);
});

test("[read.topics] made, listed, read, changed and deleted", async () => {
  const { topics } = client();
  const name = `orders-${crypto.randomUUID()}`;
  const made = await topics.create({ name, partitions: 2, retention_days: 14 });
  assert.deepEqual([made.name, made.partitions, made.retention_days], [name, 2, 14]);
  await assert.rejects(topics.create({ name }), ConflictError);
  assert.ok((await all(topics.list({ limit: 1 }))).some((topic) => topic.name === name));
  assert.equal((await topics.get(name)).statistics !== undefined, true);
  assert.equal((await topics.update(name, { retention_days: 30 })).retention_days, 30);
  await topics.delete(name);
  await assert.rejects(topics.get(name), NotFoundError);
});

test("[read.publish] messages are sent, once per idempotency key", async () => {
  const writer = client();
  const topic = `orders-${crypto.randomUUID()}`;
  await writer.topics.create({ name: topic, partitions: 1 });
  const one = await writer.publish(
    { topic, key: "k", message: { id: 7 }, headers: { trace: "9" } },
    { idempotencyKey: `${topic}-1` },
  );
  assert.equal(one.status, "accepted");
  const again = await writer.publish(
    { topic, key: "k", message: { id: 7 }, headers: { trace: "9" } },
    { idempotencyKey: `${topic}-1` },
  );
  assert.equal(again.message_id, one.message_id);
  await assert.rejects(writer.publish({ topic, message: 8 }, { idempotencyKey: `${topic}-1` }), {
    code: "idempotency_key_reused",
  });
  const many = await writer.publish([{ message: 1 }, { message: 2 }], { topic });
  assert.deepEqual([many.accepted, many.rejected, many.results.length], [2, 0, 2]);
  const seen: unknown[] = [];
  for await (const { message } of writer.stream({ topic }, { cursor: "earliest" })) {
    seen.push(message);
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen, [{ id: 7 }, 1, 2]);
  await writer.topics.delete(topic);
});

test("[read.keys] made, listed, changed, rotated and revoked", async () => {
  const { keys } = client();
  const name = `key-${crypto.randomUUID()}`;
  const made = await keys.create({ name, scopes: ["events:read"] });
  assert.match(made.key, /^sk_/);
  assert.equal((await keys.get(made.id)).name, name);
  assert.ok((await all(keys.list())).some(({ id }) => id === made.id));
  assert.equal((await keys.update(made.id, { name: `${name}-2` })).name, `${name}-2`);
  const rotated = await keys.rotate(made.id, { overlap_seconds: 60 });
  assert.equal(rotated.id, made.id);
  assert.notEqual(rotated.key, made.key);
  await keys.revoke(made.id);
  assert.equal((await keys.get(made.id)).status, "revoked");
});
