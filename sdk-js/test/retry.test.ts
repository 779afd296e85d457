import assert from "node:assert/strict";
import { test } from "node:test";

import {
  Client,
  type EventRecord,
  eventIdOf,
  type NewEvent,
  newEventId,
  RateLimitError,
  type RecorderOptions,
  type Refusal,
  type SignedEvent,
  type Stats,
  sign,
} from "@gapin/sdk";
import { sharedAccess } from "./support/gateway.js";
import { FaultyProxy, type Harm } from "./support/proxy.js";
import { client, newSession, recorder, stored } from "./support/stored.js";
import { until } from "./support/until.js";

/** Records so many events through a proxy that does this to the first requests; all must be stored, once and in order. */
async function survives(harms: Harm[], options: RecorderOptions = {}, count = 60): Promise<FaultyProxy> {
  const session = newSession();
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.harms = [...harms];
  const one = recorder({ url: proxy.url, batchEventsMax: 10, ...options });
  for (let n = 0; n < count; n++) one.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  assert.equal(await one.close(60_000), true);
  const { accepted, refused, dropped, retries } = one.stats();
  assert.deepEqual([accepted, refused, dropped], [count, 0, 0]);
  assert.ok(retries >= harms.length);
  const events = await stored(client(), session, count);
  assert.deepEqual(
    events.map(({ event }) => event.sequence),
    Array.from({ length: count }, (_, n) => n),
  );
  const received = events.toSorted((a, b) => a.record.received_at.localeCompare(b.record.received_at));
  assert.deepEqual(
    received.map(({ event }) => event.query?.prompt),
    events.map(({ event }) => event.query?.prompt),
  );
  await proxy.close();
  return proxy;
}

test("[retry.unavailable] a burst of 503 (and 502, 504, 500) loses nothing", async () => {
  await survives([503, 503, 502, 504, 500, 503].map((answer) => ({ answer })));
});

test("[retry.rate_limited] 429 is tried again, not before `Retry-After`", async () => {
  const limited: Harm = { answer: 429, headers: { "retry-after": "1" }, body: { code: "rate_limited", detail: "" } };
  const { batches } = await survives([limited, limited]);
  const [first, second, third] = batches.map(({ atMs }) => atMs) as [number, number, number];
  assert.ok(second - first >= 990 && third - second >= 990, `${second - first} ms, ${third - second} ms`);
});

test("[retry.rate_limited] a `Retry-After` that is a date goes by the answer's own clock, however wrong the local one is", async () => {
  const date = "Sun, 01 Mar 2026 09:30:00 GMT";
  const later = "Sun, 01 Mar 2026 09:30:09 GMT";
  const asked: [Record<string, string>, number | undefined][] = [
    [{ "retry-after": later, date }, 9_000],
    [{ "retry-after": date, date: later }, 0],
    [{ "retry-after": "Mon, 01 Mar 2027 09:30:00 GMT", date }, 86_400_000],
    [{ "retry-after": later, date: "today" }, undefined],
    [{ "retry-after": "soon", date }, undefined],
  ];
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const one = new Client({ ...sharedAccess(), url: proxy.url });
  const now = Date.now;
  try {
    for (const wrongMs of [-2 * 86_400_000, 2 * 86_400_000]) {
      Date.now = () => Date.parse(date) + wrongMs;
      for (const [headers, askedMs] of asked) {
        proxy.harms = [{ answer: 429, headers, body: { code: "rate_limited", detail: "" } }];
        await assert.rejects(one.record({ event_type: "ai.query", query: { prompt: "x" } }), (error) => {
          assert.ok(error instanceof RateLimitError);
          assert.equal(error.retryAfterMs, askedMs, JSON.stringify(headers));
          return true;
        });
      }
    }
  } finally {
    Date.now = now;
  }
  await proxy.close();
});

test("[retry.connection] cut connections lose nothing; [retry.idempotent] what is sent twice is kept once", async () => {
  await survives([{ cut: "before" }, { cut: "after" }, { cut: "before" }, { cut: "after" }]);
});

test("[retry.partial] one event is acknowledged by an answer that names it, and by no other", async () => {
  const strangers = ['{"status":"accepted"}', `{"status":"accepted","event_id":"${crypto.randomUUID()}"}`, "{}", ""];
  const harms = strangers.map((text) => ({ answer: 202, text }));
  await survives(harms, { retryWaitMaxMs: 20 }, 1);
});

test("[retry.idempotent] an event whose answer was lost is stored once", async () => {
  const session = newSession();
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.harms = [{ cut: "after" }];
  const one = recorder({ url: proxy.url });
  one.query({ prompt: "once" }, { metadata: { session_id: session } });
  assert.equal(await one.close(30_000), true);
  assert.equal(proxy.batches.length, 2);
  const [first, second] = proxy.batches.map((seen) => FaultyProxy.events(seen)[0]);
  assert.deepEqual(first, second, "the same bytes, the same signature");
  // What is stored later than the second time is stored after it.
  await client().record({ event_type: "ai.query", query: { prompt: "after" }, metadata: { session_id: session } });
  assert.equal((await stored(client(), session, 2)).length, 2);
  await proxy.close();
});

test("[retry.timeout] answers that do not come are not waited for", async () => {
  await survives([{ silent: true }, { silent: true }], { requestTimeoutMs: 1_000 });
});

test("[retry.partial] of a batch only what is worth it is sent again", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const codes = [undefined, "overloaded", undefined, "schema_violation", "outcome_unknown", "log_unavailable"];
  const results = codes.map((code, index) =>
    code === undefined
      ? { index, status: "accepted", event_id: crypto.randomUUID() }
      : { index, status: "rejected", code, detail: "why" },
  );
  proxy.harms = [{ answer: 207, body: { accepted: 2, rejected: 4, results } }];
  const refused: [string | undefined, string][] = [];
  const one = recorder({
    url: proxy.url,
    batchAgeMs: 60_000,
    onRefused: (event, { code }) => void refused.push([event.query?.prompt, code]),
  });
  for (let n = 0; n < 6; n++) one.query({ prompt: `${n}` });
  assert.equal(await one.close(30_000), true);
  assert.deepEqual(
    FaultyProxy.events(proxy.batches[1]!).map(({ query }) => (query as unknown as { prompt: string }).prompt),
    ["1", "4", "5"],
  );
  assert.deepEqual(refused, [["3", "schema_violation"]]);
  assert.deepEqual([one.stats().accepted, one.stats().refused], [5, 1]);
  await proxy.close();
});

test("[retry.refused] a refused event goes to a callback, is never sent again, and harms no other", async () => {
  const session = newSession();
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const refused: [SignedEvent, Refusal][] = [];
  const one = recorder({
    url: proxy.url,
    batchAgeMs: 60_000,
    onRefused: (event, refusal) => void refused.push([event, refusal]),
  });
  const head = { metadata: { session_id: session } };
  one.query({ prompt: "good" }, head);
  one.query({ prompt: "old" }, { ...head, timestamp: "2001-01-01T00:00:00Z" });
  one.record({ event_type: "ai.nonsense" as never, ...head });
  one.query({ prompt: "also good" }, head);
  assert.equal(await one.close(30_000), true);
  assert.deepEqual(
    refused.map(([, { code }]) => code),
    ["timestamp_too_old", "schema_violation"],
  );
  assert.equal(refused[0]?.[0].query?.prompt, "old");
  assert.deepEqual(
    refused[1]?.[1].errors.map(({ pointer }) => pointer),
    ["/event_type"],
  );
  assert.equal(proxy.batches.length, 1);
  assert.deepEqual(
    (await stored(client(), session, 2)).map(({ event }) => event.query?.prompt),
    ["good", "also good"],
  );
  await proxy.close();
});

for (const [status, headers, text] of [
  [200, { "content-type": "text/html" }, "<html>It works!</html>"],
  [200, {}, ""],
  [202, {}, '{"status":"accepted"}'],
  [202, {}, '{"accepted":1,"results":[{"status":"accepted"}]}'],
  [207, {}, '{"results":[null,{"status":"who knows"}]}'],
  [302, { location: "/login" }, ""],
  [403, {}, "a firewall"],
  [409, {}, '{"code":"conflict"}'],
  [415, {}, "no gzip here"],
  [451, {}, ""],
] as const) {
  test(`[retry.partial] an answer that is not about the events (${status}, ${text || "empty"}) takes none and refuses none`, async () => {
    const proxy = await FaultyProxy.before(sharedAccess().url);
    proxy.harms = [{ answer: status, headers, text }];
    const one = recorder({ url: proxy.url, batchAgeMs: 60_000 });
    for (let n = 0; n < 2; n++) one.query({ prompt: `${n}` });
    assert.equal(await one.close(30_000), true);
    assert.equal(proxy.batches.length, 2);
    const { accepted, refused, dropped, retries } = one.stats();
    assert.deepEqual([accepted, refused, dropped, retries], [2, 0, 0, 1]);
    assert.equal(FaultyProxy.events(proxy.batches[1]!).length, 2, "both are sent again, together");
    await proxy.close();
  });
}

test("[retry.partial] of one event alone its id and `status` say enough, whatever the id's case", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const given = newEventId(Date.now());
  const query = { prompt: "x" };
  const unsigned = { event_type: "ai.query", ai_id: crypto.randomUUID(), ai_version: "1", query, metadata: {} };
  // The gateway gives it an id, by its signature.
  const withoutId = await sign({ ...unsigned, timestamp: new Date().toISOString() }, sharedAccess().signingSecret);
  const events: (NewEvent | SignedEvent)[] = [
    { event_type: "ai.query", query, event_id: given.toUpperCase() },
    { event_type: "ai.query", query, event_id: given },
    withoutId,
  ];
  for (const spelled of [(id: string) => id.toLowerCase(), (id: string) => id.toUpperCase()]) {
    proxy.onRequest = (seen) => {
      const [event] = FaultyProxy.events(seen) as unknown as SignedEvent[];
      return { answer: 202, body: { event_id: spelled(eventIdOf(event!) ?? ""), status: "accepted" } };
    };
    for (const event of events) {
      const one = recorder({ url: proxy.url });
      one.record(event);
      assert.equal(await one.close(30_000), true);
      assert.deepEqual([one.stats().accepted, one.stats().requests], [1, 1]);
      assert.equal((await new Client({ ...sharedAccess(), url: proxy.url }).record(event)).status, "accepted");
    }
  }
  const stranger = { answer: 202, body: { event_id: newEventId(Date.now()), status: "accepted" } };
  proxy.onRequest = () => stranger;
  for (const event of events) {
    const one = recorder({ url: proxy.url, retryForMs: 50 });
    one.record(event);
    assert.equal(await one.close(30_000), true);
    assert.deepEqual([one.stats().accepted, one.stats().droppedByReason], [0, { retry_time_spent: 1 }]);
  }
  await proxy.close();
});

test("[retry.refused] a batch that something refuses as a whole is taken apart", async () => {
  const session = newSession();
  const proxy = await FaultyProxy.before(sharedAccess().url);
  // Something in between that does not like one word.
  proxy.onRequest = (seen) =>
    seen.method === "POST" && FaultyProxy.events(seen).some((event) => JSON.stringify(event).includes("forbidden word"))
      ? { answer: 400, body: "no" }
      : undefined;
  const refused: (string | undefined)[] = [];
  const one = recorder({ url: proxy.url, onRefused: (event) => void refused.push(event.query?.prompt) });
  for (let n = 0; n < 21; n++) {
    one.query({ prompt: n === 13 ? "forbidden word" : `${n}` }, { metadata: { session_id: session } });
  }
  assert.equal(await one.close(30_000), true);
  assert.deepEqual(refused, ["forbidden word"]);
  assert.equal((await stored(client(), session, 20)).length, 20);
  await proxy.close();
});

test("[retry.credentials] a refused key is tried again slowly, and said once", async () => {
  const session = newSession();
  const lines: string[] = [];
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { answer: 401, body: { code: "invalid_api_key", detail: "The key is none." } };
  const one = recorder({ url: proxy.url, retryWaitMaxMs: 300, log: (line) => void lines.push(line) });
  one.query({ prompt: "kept" }, { metadata: { session_id: session } });
  await until(() => proxy.batches.length >= 3, "three attempts");
  const times = proxy.batches.map(({ atMs }) => atMs);
  assert.ok(
    times.every((atMs, index) => index === 0 || atMs - (times[index - 1] ?? 0) >= 295),
    String(times),
  );
  assert.deepEqual(lines, ["gapin: events wait, since the gateway says invalid_api_key"]);
  proxy.always = undefined;
  assert.equal(await one.close(30_000), true);
  assert.equal((await stored(client(), session, 1)).length, 1);
  await proxy.close();
});

test("[retry.gives_up] after `retryForMs` events are let go, and told", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { answer: 503, headers: { "retry-after": "86400" } };
  const dropped: [string | undefined, string][] = [];
  const onDropped = (event: SignedEvent, reason: string): void => void dropped.push([event.query?.prompt, reason]);
  const one = recorder({ url: proxy.url, retryForMs: 300, onDropped });
  one.query({ prompt: "0" });
  one.query({ prompt: "1" });
  await until(() => dropped.length === 2, "both are let go");
  assert.deepEqual(dropped, [
    ["0", "retry_time_spent"],
    ["1", "retry_time_spent"],
  ]);
  assert.deepEqual(one.stats().droppedByReason, { retry_time_spent: 2 });
  assert.equal(one.stats().queued, 0);
  await one.close();
  await proxy.close();
});

/** What becomes of an event that a recorder records whose clock, and nobody else's, is so far ahead. */
async function recordedAhead(fastMs: number): Promise<{ stats: Stats; record: EventRecord; sentIds: unknown[] }> {
  const session = newSession();
  const proxy = await FaultyProxy.before(sharedAccess().url);
  // The test's own clock is right while it sends: what the gateway tells is so much behind it instead.
  proxy.always = { dateAheadMs: -fastMs };
  const one = recorder({ url: proxy.url });
  const now = Date.now;
  try {
    Date.now = () => now() + fastMs;
    one.query({ prompt: "from the future" }, { metadata: { session_id: session } });
  } finally {
    Date.now = now;
  }
  assert.equal(await one.close(30_000), true);
  const [record] = await stored(client(), session, 1);
  assert.ok(record);
  const sentIds = proxy.batches.map((seen) => FaultyProxy.events(seen)[0]?.["event_id"]);
  await proxy.close();
  return { stats: one.stats(), record, sentIds };
}

test("[retry.clock_skew] a clock that is wrong is noticed and corrected", async () => {
  const fastMs = 20 * 60_000;
  const { stats, record, sentIds } = await recordedAhead(fastMs);
  assert.deepEqual([stats.accepted, stats.refused, stats.retimed], [1, 0, 1]);
  assert.ok(Math.abs((stats.clockSkewMs ?? 0) + fastMs) < 2_000, String(stats.clockSkewMs));
  assert.ok(Math.abs(Date.parse(record.event.timestamp) - Date.now()) < 60_000);
  assert.equal(sentIds.length, 2);
  assert.equal(sentIds[0], sentIds[1], "it stays the same event");
});

test("[retry.clock_skew] a clock that is two days ahead gives another id too", async () => {
  const { stats, record, sentIds } = await recordedAhead(2 * 86_400_000);
  assert.deepEqual([stats.accepted, stats.refused, stats.retimed], [1, 0, 1]);
  assert.equal(sentIds.length, 2);
  assert.notEqual(sentIds[0], sentIds[1], "an id holds its event's time");
  assert.equal(record.event.event_id, sentIds[1]);
});

test("[retry.clock_skew] a clock that is behind moves nothing further into the future", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { dateAheadMs: 3_600_000 };
  const refused: [string, string][] = [];
  const one = recorder({
    url: proxy.url,
    onRefused: ({ timestamp }, { code }) => void refused.push([timestamp, code]),
  });
  one.query({ prompt: "one that the gateway tells the time by" });
  assert.equal(await one.flush(30_000), true);
  const timestamp = new Date(Date.now() + 7_200_000).toISOString();
  one.query({ prompt: "?" }, { timestamp });
  assert.equal(await one.close(30_000), true);
  assert.ok((one.stats().clockSkewMs ?? 0) > 3_500_000, "the difference is known");
  assert.deepEqual(refused, [[timestamp, "timestamp_in_future"]]);
  assert.equal(one.stats().retimed, 0);
  assert.equal(proxy.batches.length, 2);
  await proxy.close();
});
