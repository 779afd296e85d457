import assert from "node:assert/strict";
import { test } from "node:test";

import type { Recorder, RecorderOptions, SignedEvent } from "@gapin/sdk";
import { sharedAccess } from "./support/gateway.js";
import { FaultyProxy } from "./support/proxy.js";
import { client, newSession, recorder, stored } from "./support/stored.js";
import { until } from "./support/until.js";

/** A recorder whose gateway answers nothing until it is let through. */
async function held(
  options: RecorderOptions,
): Promise<{ one: Recorder; proxy: FaultyProxy; dropped: [string, string][] }> {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { answer: 503, headers: { "retry-after": "0" } };
  const dropped: [string, string][] = [];
  const onDropped = (event: SignedEvent, reason: string): void =>
    void dropped.push([event.query?.prompt ?? "", reason]);
  return { one: recorder({ url: proxy.url, onDropped, ...options }), proxy, dropped };
}

async function prompts(session: string, count: number): Promise<(string | undefined)[]> {
  return (await stored(client(), session, count)).map(({ event }) => event.query?.prompt);
}

for (const [whenFull, kept, lost] of [
  ["drop_oldest", ["7", "8", "9", "10", "11"], ["0", "1", "2", "3", "4", "5", "6"]],
  ["drop_newest", ["0", "1", "2", "3", "4"], ["5", "6", "7", "8", "9", "10", "11"]],
] as const) {
  test(`[queue.${whenFull}] past the bound, and no more than the bound`, async () => {
    const session = newSession();
    const { one, proxy, dropped } = await held({
      whenFull,
      queueEventsMax: 5,
      batchEventsMax: 100,
      batchAgeMs: 60_000,
    });
    for (let n = 0; n < 12; n++) one.query({ prompt: `${n}` }, { metadata: { session_id: session } });
    assert.equal(one.stats().queued, 5);
    proxy.always = undefined;
    assert.equal(await one.close(30_000), true);
    assert.deepEqual(await prompts(session, 5), kept);
    assert.deepEqual(
      dropped,
      lost.map((prompt) => [prompt, "queue_full"]),
    );
    await proxy.close();
  });
}

test("[queue.told] what was dropped is counted and told: counter, reason and event", async () => {
  const { one, proxy, dropped } = await held({ queueEventsMax: 2, batchAgeMs: 60_000 });
  for (let n = 0; n < 5; n++) one.query({ prompt: `${n}` });
  assert.deepEqual(dropped, [
    ["0", "queue_full"],
    ["1", "queue_full"],
    ["2", "queue_full"],
  ]);
  const stats = one.stats();
  assert.deepEqual([stats.recorded, stats.dropped, stats.droppedByReason], [5, 3, { queue_full: 3 }]);
  await one.close(1);
  assert.deepEqual(one.stats().droppedByReason, { queue_full: 3, closed: 2 });
  await proxy.close();
});

test("[queue.told] a callback that records what was dropped ends, and displaces nothing", async () => {
  const dropped: (string | undefined)[] = [];
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { answer: 503 };
  const one = recorder({
    url: proxy.url,
    queueEventsMax: 3,
    batchAgeMs: 60_000,
    onDropped: (event) => {
      dropped.push(event.query?.prompt);
      one.query({ prompt: `dropped: ${event.query?.prompt}` });
    },
  });
  for (let n = 0; n < 5; n++) one.query({ prompt: `${n}` });
  assert.deepEqual(dropped, ["0", "1"]);
  assert.deepEqual([one.stats().queued, one.stats().dropped], [3, 4]);
  await one.close(1);
  assert.deepEqual(dropped, ["0", "1", "2", "3", "4"], "at the end, too");
  await proxy.close();
});

test("[queue.bytes] an event that is larger than the whole queue harms no other", async () => {
  const { one, proxy, dropped } = await held({ queueBytesMax: 50_000, batchAgeMs: 60_000 });
  for (let n = 0; n < 3; n++) one.query({ prompt: `${n}` });
  assert.equal(one.query({ prompt: "large", parameters: "x".repeat(100_000) }), undefined);
  assert.deepEqual(dropped, [["large", "queue_full"]]);
  assert.equal(one.stats().queued, 3);
  await one.close(1);
  await proxy.close();
});

test("[queue.flush] what was dropped after it began is not what it waits for", async () => {
  const { one, proxy } = await held({
    queueEventsMax: 2,
    batchEventsMax: 1,
    batchAgeMs: 60_000,
    whenFull: "drop_newest",
  });
  one.query({ prompt: "0" });
  one.query({ prompt: "1" });
  const flushed = one.flush(400);
  for (let n = 0; n < 10; n++) one.query({ prompt: "too many" });
  assert.equal(await flushed, false, "nothing was acknowledged");
  assert.equal(await one.flush(1), false);
  proxy.always = undefined;
  assert.equal(await one.flush(30_000), true);
  assert.equal(one.stats().accepted, 2);
  await one.close();
  await proxy.close();
});

test("[queue.block] nothing is lost, and the caller goes on once there is room", async () => {
  const session = newSession();
  const { one, proxy, dropped } = await held({ whenFull: "block", queueEventsMax: 5, batchEventsMax: 2 });
  let recorded = 0;
  const caller = (async () => {
    for (let n = 0; n < 40; n++) {
      await one.room();
      one.query({ prompt: `${n}` }, { metadata: { session_id: session } });
      recorded += 1;
    }
  })();
  await until(() => proxy.batches.length > 3, "some attempts");
  assert.equal(recorded, 5, "the caller waits with the sixth");
  assert.equal(one.stats().queued, 5);
  proxy.always = undefined;
  await caller;
  assert.equal(await one.close(30_000), true);
  assert.deepEqual(dropped, []);
  assert.deepEqual(
    await prompts(session, 40),
    Array.from({ length: 40 }, (_, n) => `${n}`),
  );
  await proxy.close();
});

test("[queue.block] who does not wait for room is bounded all the same", async () => {
  const { one, proxy } = await held({ whenFull: "block", queueEventsMax: 5 });
  for (let n = 0; n < 100; n++) one.query({ prompt: `${n}` });
  assert.equal(one.stats().queued, 10);
  assert.equal(one.stats().dropped, 90);
  await one.close(1);
  await proxy.close();
});

test("[queue.bytes] few large events reach the bound", async () => {
  const { one, proxy, dropped } = await held({ queueBytesMax: 250_000, batchAgeMs: 60_000, batchBytesMax: 9_000_000 });
  for (let n = 0; n < 4; n++) one.query({ prompt: `${n}`, parameters: "x".repeat(100_000) });
  assert.equal(one.stats().queued, 2);
  assert.ok(one.stats().queuedBytes <= 250_000);
  assert.deepEqual(
    dropped.map(([prompt]) => prompt),
    ["0", "1"],
  );
  await one.close(1);
  await proxy.close();
});

test("[queue.flush] afterwards the gateway has it; false when it took too long", async () => {
  const session = newSession();
  const { one, proxy } = await held({ batchAgeMs: 60_000 });
  one.query({ prompt: "0" }, { metadata: { session_id: session } });
  assert.equal(await one.flush(100), false);
  assert.equal(one.stats().queued, 1);
  proxy.always = undefined;
  assert.equal(await one.flush(30_000), true);
  assert.equal(one.stats().accepted, 1);
  assert.equal(await one.flush(1), true, "nothing is left");
  assert.equal(await one.flush(Number.POSITIVE_INFINITY), true);
  assert.deepEqual(await prompts(session, 1), ["0"]);
  await one.close();
  await proxy.close();
});

test("[queue.close] and the end of a scope send what is left", async () => {
  const session = newSession();
  const one = recorder({ batchAgeMs: 60_000 });
  one.query({ prompt: "0" }, { metadata: { session_id: session } });
  await one[Symbol.asyncDispose]();
  assert.equal(await one.close(), true, "twice is once");
  const other = recorder({ batchAgeMs: 60_000 });
  other.query({ prompt: "1" }, { metadata: { session_id: session } });
  const [first, second] = await Promise.all([other.close(30_000), other.close(30_000)]);
  assert.deepEqual([first, second], [true, true]);
  assert.deepEqual((await prompts(session, 2)).sort(), ["0", "1"]);
});

test("[queue.close] who closes beside another, or again, is told the same", async () => {
  const away = recorder({ url: "http://127.0.0.1:1" });
  away.query({ prompt: "nobody takes it" });
  assert.deepEqual(await Promise.all([away.close(200), away.close(30_000)]), [false, false], "one was let go");
  assert.equal(await away.close(), false);
  assert.deepEqual([away.stats().queued, away.stats().droppedByReason], [0, { closed: 1 }]);
});

test("[batch.count] no request holds more than `batchEventsMax`; [batch.order] in the order in which they happened", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const one = recorder({ url: proxy.url, batchEventsMax: 7 });
  for (let n = 0; n < 50; n++) one.query({ prompt: `${n}` });
  assert.equal(await one.close(30_000), true);
  const batches = proxy.batches.map((seen) => FaultyProxy.events(seen));
  assert.ok(batches.every((events) => events.length <= 7) && batches.some((events) => events.length === 7));
  assert.deepEqual(
    batches.flat().map(({ sequence }) => sequence),
    Array.from({ length: 50 }, (_, n) => n),
  );
  await proxy.close();
});

test("[batch.bytes] no request holds more than `batchBytesMax`", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const one = recorder({ url: proxy.url, batchBytesMax: 10_000, compress: false });
  for (let n = 0; n < 20; n++) one.query({ prompt: "ü".repeat(1_000) });
  one.query({ prompt: "x".repeat(20_000) });
  assert.equal(await one.close(30_000), true);
  const sizes = proxy.batches.map(({ body }) => body.length);
  assert.equal(sizes.filter((size) => size > 10_000).length, 1, "an event that is larger goes alone");
  assert.ok(sizes.length < 12, "others go together");
  await proxy.close();
});

test("[batch.age] one event alone arrives without a flush", async () => {
  const session = newSession();
  const one = recorder({ batchAgeMs: 50 });
  one.query({ prompt: "alone" }, { metadata: { session_id: session } });
  assert.deepEqual(await prompts(session, 1), ["alone"]);
  await one.close();
});

test("[batch.compressed] gzip from 1 KiB on, and plain below", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const one = recorder({ url: proxy.url });
  one.query({ prompt: "small" });
  await one.flush(30_000);
  one.query({ prompt: "large ".repeat(1_000) });
  assert.equal(await one.close(30_000), true);
  const [small, large] = proxy.batches;
  assert.equal(small?.headers["content-encoding"], undefined);
  assert.equal(large?.headers["content-encoding"], "gzip");
  assert.ok((large?.body.length ?? 0) < 1_000);
  assert.equal(one.stats().accepted, 2);
  await proxy.close();
});
