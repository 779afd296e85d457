import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import {
  AuthenticationError,
  Client,
  type Gap,
  NotFoundError,
  ServerError,
  type StreamedEvent,
  type StreamedMessage,
  TransportError,
  UnreadableError,
} from "@gapin/sdk";
import * as browser from "@gapin/sdk/browser";
import { Gateway, sharedAccess } from "./support/gateway.js";
import { FaultyProxy } from "./support/proxy.js";
import { client, newSession, recorder } from "./support/stored.js";
import { until } from "./support/until.js";

type Stream = AsyncIterable<StreamedEvent>;

/** The prompts of so many events. */
async function prompts(stream: Stream, count: number): Promise<string[]> {
  const seen: string[] = [];
  if (count === 0) return seen;
  for await (const { event } of stream) {
    seen.push(event.query?.prompt ?? "");
    if (seen.length === count) break;
  }
  return seen;
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n}`);
}

test("[stream.live] an event recorded afterwards comes, in browsers too; [stream.filters] only what matches", async () => {
  for (const one of [client(), new browser.Client(sharedAccess())]) {
    const session = newSession();
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const stream = one.stream({ session_id: session, event_type: "ai.query" }, { onOpen: () => open() });
    const seen = prompts(stream, 3);
    await opened;
    const writer = recorder();
    for (let n = 0; n < 3; n++) {
      writer.action({ function: "other" }, { metadata: { session_id: session } });
      writer.query({ prompt: "another" }, { metadata: { session_id: newSession() } });
      writer.query({ prompt: `${n}` }, { metadata: { session_id: session } });
    }
    assert.equal(await writer.close(30_000), true);
    assert.deepEqual(await seen, numbers(3));
    assert.equal(typeof stream.cursor, "string");
  }
});

test("[stream.topics] messages of topics come, by their filters, and on from a cursor, until a topic is deleted", async () => {
  const writer = client();
  const topic = `orders-${crypto.randomUUID()}`;
  await writer.topics.create({ name: topic, partitions: 1 });
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const sent = await writer.publish({ topic, key: "order-0", message: { id: 0 }, headers: { trace: "9f" } });
  const stream = new Client({ ...sharedAccess(), url: proxy.url }).stream({ topic }, { cursor: "earliest" });
  const messages = stream[Symbol.asyncIterator]();
  const next = async (): Promise<StreamedMessage> => {
    const { value } = await messages.next();
    assert.ok(value);
    return value;
  };
  const first = await next();
  assert.deepEqual(
    [first.topic, first.key, first.headers, first.partition, first.offset, first.message, first.message_id],
    [topic, "order-0", { trace: "9f" }, 0, 0, { id: 0 }, sent.message_id],
  );
  for (let id = 1; id <= 3; id++) {
    await writer.publish({ topic, message: { id } });
    assert.deepEqual((await next()).message, { id });
    proxy.cut();
  }
  assert.ok(proxy.seen.length >= 3, `${proxy.seen.length} connections`);
  for (const filter of [{ where: "/id=2" }, { q: "2" }]) {
    const filtered = client().stream({ topic: [topic], ...filter }, { cursor: first.cursor });
    for await (const { message } of filtered) {
      assert.deepEqual(message, { id: 2 });
      break;
    }
  }
  await writer.topics.delete(topic);
  await assert.rejects(messages.next(), NotFoundError);
  await proxy.close();
});

test("[stream.filters] `where`, and a filter that does not parse", async () => {
  const session = newSession();
  const writer = recorder();
  for (let n = 0; n < 4; n++) writer.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  await writer.close(30_000);
  const where = `/event/metadata/session_id=${JSON.stringify(session)},/event/query/prompt="2"`;
  assert.deepEqual(await prompts(client().stream({ where }, { cursor: "earliest" }), 1), ["2"]);
  await assert.rejects(prompts(client().stream({ where: "nonsense" }), 1), { status: 400 });
});

test("[stream.resumes] a stream that is cut goes on where it was: none is missed, none comes twice", async () => {
  const session = newSession();
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.onRequest = () => ({ cutAfterBytes: 50_000 });
  const writer = recorder({ batchEventsMax: 10 });
  for (let n = 0; n < 200; n++) writer.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  assert.equal(await writer.close(30_000), true);
  const reader = new Client({ ...sharedAccess(), url: proxy.url });
  const seen: string[] = [];
  for await (const { event } of reader.stream({ session_id: session }, { cursor: "earliest" })) {
    seen.push(event.query?.prompt ?? "");
    if (seen.length === 200) break;
  }
  assert.deepEqual(seen, numbers(200));
  assert.ok(proxy.seen.length >= 3, `${proxy.seen.length} connections`);
  await proxy.close();
});

test("[stream.resumes] what is no frame of a gateway ends it, and is not asked for again", async () => {
  const tooLong = `data: ${"x".repeat(5 * 1024 * 1024)}\n\n`;
  const placeless = 'data: {"type":"event","event":{"query":{}},"record":{"event_id":"e"}}\n\n';
  const messageless = 'data: {"type":"message","cursor":"c","topic":"t","partition":0,"offset":0}\n\n';
  const noFrames = ["data: no JSON\n\n", "data: 7\n\n", 'data: {"type":"event"}\n\n', placeless, messageless, tooLong];
  for (const sent of noFrames) {
    const server = await streaming(() => [{ type: "hello" }], sent);
    const stream = server.client.stream({}, { cursor: "before" });
    await assert.rejects(prompts(stream, 1), UnreadableError);
    assert.deepEqual([server.asked, stream.cursor], [["before"], "before"]);
    server.close();
  }
});

test("[stream.resumes] what is no stream is not asked for again", async () => {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html", "x-request-id": "r-1" }).end("<html>Welcome</html>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const reader = new Client({ ...sharedAccess(), url: `http://127.0.0.1:${port}` });
  await assert.rejects(prompts(reader.stream(), 1), (error) => {
    assert.ok(error instanceof UnreadableError);
    assert.deepEqual([error.status, error.requestId], [200, "r-1"]);
    return true;
  });
  server.closeAllConnections();
  server.close();
});

for (const [what, frames] of [
  ["is greeted and cut at once", [{ type: "hello", cursor: "c" }]],
  ["is told to resume behind the greeting", [{ type: "hello" }, { type: "gap", missed: 1, resume: "r" }]],
] as const) {
  test(`[stream.resumes] one that ${what}, again and again, waits longer each time`, async (context) => {
    // The longest of the waits that chance would choose.
    context.mock.method(Math, "random", () => 1);
    const server = await streaming(() => frames);
    const stream = server.client.stream({});
    const ended = prompts(stream, 1);
    await until(() => server.asked.length >= 5, "it asks again");
    stream.close();
    assert.deepEqual(await ended, []);
    // What comes of a clock of whole milliseconds.
    const waits = server.askedAtMs.slice(1, 5).map((ms, index) => ms - (server.askedAtMs[index] ?? 0) + 1);
    for (const [index, waitMs] of waits.entries()) assert.ok(waitMs >= 100 * 2 ** index, `${waits} ms`);
    server.close();
  });
}

test("[stream.resumes] what comes makes the next wait short again, and a stream that nobody serves ends", async (context) => {
  context.mock.method(Math, "random", () => 1);
  const server = await streaming((n) => [{ type: "hello", cursor: `h${n}` }, ...(n % 3 === 2 ? [eventFrame(n)] : [])]);
  const stream = server.client.stream({});
  assert.deepEqual(await prompts(stream, 2), ["2", "5"]);
  const waits = server.askedAtMs.slice(1).map((ms, index) => ms - (server.askedAtMs[index] ?? 0) + 1);
  // After 100 and 200 ms an event came; 400 and 800 ms would follow.
  assert.ok(waits.length === 5 && (waits[2] ?? 0) < 400 && (waits[4] ?? 0) < 800, `${waits} ms`);
  server.close();
  const silent = await streaming(() => []);
  await assert.rejects(prompts(silent.client.stream({}, { retryForMs: 150 }), 1), TransportError);
  assert.ok(silent.asked.length <= 3, "it is no stream that goes on without an end");
  silent.close();
});

test("[stream.gaps] a gap that names no place leaves the stream where it is", async () => {
  const told: Gap[] = [];
  const server = await streaming((n) =>
    n === 0 ? [eventFrame(0), { type: "gap", missed: 2 }, { type: "expired" }] : [eventFrame(1)],
  );
  const stream = server.client.stream({}, { onGap: (gap) => void told.push(gap) });
  assert.deepEqual(await prompts(stream, 2), ["0", "1"]);
  assert.deepEqual(told, [{ missed: 2, resume: undefined }]);
  assert.deepEqual(server.asked, ["", "c0"]);
  server.close();
});

test("[stream.resumes] an error that lasts ends it", async () => {
  const wrong = new Client({ ...sharedAccess(), apiKey: `sk_${"0".repeat(30)}` });
  await assert.rejects(prompts(wrong.stream(), 1), AuthenticationError);
  const away = new Client({ ...sharedAccess(), url: "http://127.0.0.1:1" });
  await assert.rejects(prompts(away.stream({}, { retryForMs: 200 }), 1), TransportError);
  const stream = away.stream();
  const ended = prompts(stream, 1);
  stream.close();
  assert.deepEqual(await ended, []);
  assert.deepEqual(
    await prompts(client().stream({ session_id: newSession() }, { signal: AbortSignal.timeout(200) }), 1_000_000),
    [],
  );
});

function eventFrame(n: number): object {
  const event = { query: { prompt: `${n}` }, signature: `s${n}` };
  return { type: "event", cursor: `c${n}`, event, record: { event_id: `e${n}` } };
}

/** Answers each connection with frames, and perhaps something else, and cuts it. */
async function streaming(
  frames: (connection: number) => readonly object[],
  more = "",
): Promise<{ client: Client; asked: string[]; askedAtMs: number[]; close: () => void }> {
  const asked: string[] = [];
  const askedAtMs: number[] = [];
  const server = createServer((request, response) => {
    askedAtMs.push(performance.now());
    const text = frames(asked.length).map((frame) => `data: ${JSON.stringify(frame)}\n\n`);
    asked.push(new URL(request.url ?? "", "http://x").searchParams.get("cursor") ?? "");
    response.writeHead(200, { "content-type": "text/event-stream" }).end(text.join("") + more);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  const { port } = server.address() as AddressInfo;
  return { client: new Client({ ...sharedAccess(), url: `http://127.0.0.1:${port}` }), asked, askedAtMs, close };
}

/** A gateway that tells of a gap: what comes after `cursor` is what it is asked for. */
async function gappy(): Promise<{ url: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const record = (n: number): { type: string; [member: string]: unknown } => ({
    type: "event",
    cursor: `c${n}`,
    event: { query: { prompt: `${n}` }, signature: `s${n}` },
    record: { event_id: `e${n}` },
  });
  const server = createServer((request, response) => {
    const cursor = new URL(request.url ?? "", "http://x").searchParams.get("cursor") ?? "";
    asked.push(cursor);
    const frames =
      cursor === ""
        ? [{ type: "hello", cursor: "c-1" }, record(0), { type: "gap", missed: 2, resume: "c0" }, record(3)]
        : [{ type: "hello", cursor }, { type: "news", of: "a later gateway" }, record(1), record(2), record(3)];
    response.writeHead(200, { "content-type": "text/event-stream" });
    // In pieces that respect neither lines nor characters.
    const text = Buffer.from(
      frames.map((frame) => `: there\nevent: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`).join(""),
    );
    for (let at = 0; at < text.length; at += 7) response.write(text.subarray(at, at + 7));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}

test("[stream.gaps] a reader that was too slow is told, and the stream goes on from where the gap begins", async () => {
  const server = await gappy();
  const gaps: Gap[] = [];
  const one = new Client({ ...sharedAccess(), url: server.url });
  assert.deepEqual(await prompts(one.stream({}, { onGap: (gap) => void gaps.push(gap) }), 4), numbers(4));
  assert.deepEqual(gaps, [{ missed: 2, resume: "c0" }]);
  assert.deepEqual(server.asked, ["", "c0"]);
  assert.deepEqual(await prompts(one.stream({}, { gaps: "skip" }), 2), ["0", "3"]);
  server.close();
});

test("[stream.gaps] a reader that was too slow for a real gateway is told, and misses nothing", async () => {
  const gateway = await Gateway.start({ GAPIN_LIVE_QUEUE_RECORDS_MAX: "8" });
  const session = newSession();
  const metadata = { session_id: session };
  const gaps: Gap[] = [];
  try {
    const one = new Client(gateway.access);
    await one.record({ event_type: "ai.query", query: { prompt: "0" }, metadata });
    const stream = one.stream({ session_id: session }, { cursor: "earliest", onGap: (gap) => void gaps.push(gap) });
    const iterator: AsyncIterator<StreamedEvent> = stream[Symbol.asyncIterator]();
    const next = async (): Promise<string | undefined> => (await iterator.next()).value?.event.query?.prompt;
    assert.equal(await next(), "0");
    const writer = recorder(gateway.access);
    const parameters = "x".repeat(200_000);
    // More than lies between the gateway and this reader, who does not read.
    for (let n = 1; n <= 100; n++) {
      writer.query({ prompt: `${n}`, parameters }, { metadata });
      if (n % 10 === 0) assert.equal(await writer.flush(60_000), true);
    }
    const seen: (string | undefined)[] = [];
    while (seen.length < 100) seen.push(await next());
    assert.deepEqual(seen, numbers(101).slice(1));
    assert.ok((gaps[0]?.missed ?? 0) > 0, JSON.stringify(gaps));
    await iterator.return?.();
    await writer.close(30_000);
  } finally {
    await gateway.discard();
  }
});

test("[stream.gaps] a reader that takes its time misses nothing of a real gateway", async () => {
  const session = newSession();
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const stream = client().stream({ session_id: session }, { onOpen: () => open() });
  const iterator: AsyncIterator<StreamedEvent> = stream[Symbol.asyncIterator]();
  const first = iterator.next();
  await opened;
  const writer = recorder();
  const parameters = "x".repeat(100_000);
  for (let n = 0; n < 150; n++) writer.query({ prompt: `${n}`, parameters }, { metadata: { session_id: session } });
  assert.equal(await writer.close(60_000), true);
  const seen = [(await first).value?.event.query?.prompt];
  while (seen.length < 150)
    seen.push(((await iterator.next()).value as StreamedEvent | undefined)?.event.query?.prompt);
  assert.deepEqual(seen, numbers(150));
  await iterator.return?.();
});

test("[stream.resumes] a stream that is told to wait for longer than it may asks no more often for it", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.onRequest = () => ({ answer: 503, headers: { "retry-after": "4294967296" } });
  const stream = new Client({ ...sharedAccess(), url: proxy.url }).stream({}, { retryForMs: 300 });
  await assert.rejects(stream[Symbol.asyncIterator]().next(), (error) => {
    assert.ok(error instanceof ServerError);
    assert.equal(error.retryAfterMs, 86_400_000, "a day at most");
    return true;
  });
  assert.ok(proxy.seen.length <= 3, `${proxy.seen.length} requests`);
  await proxy.close();
});
