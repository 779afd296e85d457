import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { Recorder } from "@gapin/sdk";
import { Gateway, sharedAccess } from "./support/gateway.js";
import { FaultyProxy } from "./support/proxy.js";
import { client, newSession, recorder, stored } from "./support/stored.js";
import { until } from "./support/until.js";

const PROGRAM = fileURLToPath(new URL("programs/records.js", import.meta.url));

function program(settings: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [PROGRAM], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function ended(child: ChildProcess): Promise<[code: number | null, signal: string | null]> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  return (await once(child, "exit")) as [number | null, string | null];
}

test("[queue.exit] a process that just ends loses nothing", async () => {
  const session = newSession();
  assert.deepEqual(await ended(program({ SESSION: session, COUNT: "700" })), [0, null]);
  assert.equal((await stored(client(), session, 700)).length, 700);
});

test("[queue.exit] a process whose gateway is away ends all the same", async () => {
  const child = program({ SESSION: newSession(), URL_TO: "http://127.0.0.1:1", FLUSH_MS: "200" });
  assert.deepEqual(await ended(child), [0, null]);
});

test("[queue.sigterm] what is queued is sent, and the process ends as SIGTERM ends it", async () => {
  const session = newSession();
  const child = program({ SESSION: session, THEN: "wait" });
  await once(child.stdout!, "data");
  child.kill("SIGTERM");
  assert.deepEqual(await ended(child), [null, "SIGTERM"]);
  assert.equal((await stored(client(), session, 10)).length, 10);
});

test("[queue.sigterm] also where the package is loaded twice, as ESM and as CommonJS", async () => {
  const session = newSession();
  const child = program({ SESSION: session, THEN: "both-forms" });
  await once(child.stdout!, "data");
  child.kill("SIGTERM");
  assert.deepEqual(await ended(child), [null, "SIGTERM"]);
  assert.equal((await stored(client(), session, 11)).length, 11);
});

test("[queue.sigterm] a program with a handler of its own ends as that decides", async () => {
  const session = newSession();
  const child = program({ SESSION: session, THEN: "own-handler" });
  await once(child.stdout!, "data");
  child.kill("SIGTERM");
  assert.deepEqual(await ended(child), [7, null]);
  assert.equal((await stored(client(), session, 10)).length, 10);
});

for (const version of [3, 4]) {
  test(`[queue.sigterm] also where the program has the package signal-exit, version ${version}`, async () => {
    const session = newSession();
    const child = program({ SESSION: session, THEN: `signal-exit-${version}` });
    await once(child.stdout!, "data");
    child.kill("SIGTERM");
    assert.deepEqual(await ended(child), [null, "SIGTERM"]);
    assert.equal((await stored(client(), session, 10)).length, 10);
  });
}

test("[queue.processes] workers of a cluster lose nothing and send nothing twice", async () => {
  const session = newSession();
  assert.deepEqual(await ended(program({ SESSION: session, THEN: "cluster", COUNT: "100" })), [0, null]);
  const events = await stored(client(), session, 300);
  assert.equal(new Set(events.map(({ event }) => event.query?.prompt)).size, 300);
  assert.equal(events.length, 300);
});

test("[queue.disk] SIGKILL, start again: everything recorded arrives, once", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const child = program({ SESSION: session, THEN: "wait", COUNT: "2000", DISK: folder, URL_TO: "http://127.0.0.1:1" });
  await once(child.stdout!, "data");
  child.kill("SIGKILL");
  await ended(child);
  assert.equal(readdirSync(folder).length, 1);
  const next = new Recorder({ ...sharedAccess(), diskQueue: folder });
  next.query({ prompt: "next" }, { metadata: { session_id: session } });
  assert.equal(await next.close(60_000), true);
  assert.equal(next.stats().accepted, 2001);
  assert.equal((await stored(client(), session, 2001)).length, 2001);
  assert.deepEqual(readdirSync(folder), [], "nothing is left behind");
  rmSync(folder, { recursive: true });
});

test("[queue.disk] what a recorder could not send before it closed is sent by the next", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { answer: 503 };
  const child = program({ SESSION: session, COUNT: "5", DISK: folder, URL_TO: proxy.url, FLUSH_MS: "200" });
  assert.deepEqual(await ended(child), [0, null]);
  const next = recorder({ diskQueue: folder });
  assert.equal(await next.flush(30_000), true);
  assert.equal((await stored(client(), session, 5)).length, 5);
  // A disk that can't be written costs what it was there for, and nothing else.
  const broken = recorder({ diskQueue: "/dev/null/no-folder" });
  broken.query({ prompt: "without" }, { metadata: { session_id: session } });
  assert.equal(await broken.close(30_000), true);
  assert.equal((await stored(client(), session, 6)).length, 6);
  await next.close();
  await proxy.close();
  rmSync(folder, { recursive: true });
});

test("[queue.disk] a process that has the number of the one that crashed takes over from it; of one that runs nothing", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const held = recorder({ diskQueue: folder, url: "http://127.0.0.1:1" });
  for (let n = 0; n < 3; n++) held.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  const [name = ""] = readdirSync(folder);
  const other = recorder({ diskQueue: folder });
  assert.equal(other.stats().queued, 0, "it is the other recorder's");
  await other.close();
  cpSync(join(folder, name), join(folder, name.replace(/^(\d+)-\d+-\d+-/, `$1-${process.pid}-1-`)));
  const next = recorder({ diskQueue: folder });
  assert.equal(next.stats().queued, 3);
  assert.equal(await next.close(30_000), true);
  assert.equal((await stored(client(), session, 3)).length, 3);
  await held.close(1);
  rmSync(folder, { recursive: true });
});

test("[queue.disk] what is on disk is neither given up nor dropped, and the next recorder of the same process has it", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { answer: 503 };
  const dropped: string[] = [];
  const onDropped = (_: unknown, reason: string): void => void dropped.push(reason);
  const first = recorder({ url: proxy.url, diskQueue: folder, retryForMs: 1, onDropped });
  for (let n = 0; n < 3; n++) first.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  await until(() => proxy.batches.length >= 4, "it is tried again and again");
  assert.equal(first.stats().queued, 3);
  assert.equal(await first.close(1), false);
  assert.deepEqual([dropped, first.stats().dropped], [[], 0]);
  const next = recorder({ diskQueue: folder });
  assert.equal(next.stats().queued, 3);
  assert.equal(await next.close(30_000), true);
  assert.equal((await stored(client(), session, 3)).length, 3);
  assert.deepEqual(readdirSync(folder), []);
  await proxy.close();
  rmSync(folder, { recursive: true });
});

test("[queue.disk] a segment of another container is taken over once its process says no more that it lives", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const held = recorder({ diskQueue: folder, url: "http://127.0.0.1:1" });
  for (let n = 0; n < 3; n++) held.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  const [name = ""] = readdirSync(folder);
  assert.match(name, /^\d+-\d+-\d+-\d+-\d+\.queue$/);
  // Its process is one that does not run here.
  const foreign = join(folder, name.replace(/^\d+-\d+-/, "17-4194305-"));
  cpSync(join(folder, name), foreign);
  const early = recorder({ diskQueue: folder });
  assert.equal(early.stats().queued, 0, "it may live");
  await early.close();
  const minutesAgo = new Date(Date.now() - 120_000);
  utimesSync(foreign, minutesAgo, minutesAgo);
  const late = recorder({ diskQueue: folder });
  assert.equal(late.stats().queued, 3);
  assert.equal(await late.close(30_000), true);
  assert.equal((await stored(client(), session, 3)).length, 3);
  await held.close(1);
  rmSync(folder, { recursive: true });
});

test("[queue.disk] a file that can't grow takes no event with it", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  // The system cuts what is written beyond so many blocks of a file.
  const child = spawn("sh", ["-c", 'ulimit -f 8 && exec "$0" "$1"', process.execPath, PROGRAM], {
    env: { ...process.env, SESSION: session, THEN: "wait", COUNT: "60", DISK: folder, URL_TO: "http://127.0.0.1:1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout!, "data");
  child.kill("SIGKILL");
  await ended(child);
  assert.ok(readdirSync(folder).length > 1);
  const next = recorder({ diskQueue: folder });
  assert.equal(await next.close(60_000), true);
  assert.deepEqual([next.stats().accepted, next.stats().dropped], [60, 0]);
  assert.equal((await stored(client(), session, 60)).length, 60);
  rmSync(folder, { recursive: true });
});

test("[queue.told] what can't be read of the disk queue is counted", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const held = recorder({ diskQueue: folder, url: "http://127.0.0.1:1" });
  for (let n = 0; n < 3; n++) held.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  await held.close(1);
  const [name = ""] = readdirSync(folder);
  const lines = readFileSync(join(folder, name), "utf8").split("\n");
  // Half of the second event, the third behind it on the same line; and half of a fourth.
  writeFileSync(join(folder, name), `${lines[0]}\n${lines[1]?.slice(0, 99)}${lines[2]}\n${lines[0]?.slice(0, 99)}`);
  const next = recorder({ diskQueue: folder });
  assert.deepEqual([next.stats().queued, next.stats().droppedByReason], [1, { queue_failed: 1 }]);
  assert.equal(await next.close(30_000), true);
  assert.deepEqual(readdirSync(folder), []);
  rmSync(folder, { recursive: true });
});

test("[queue.disk] a segment that another takes over meanwhile costs nothing", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const held = recorder({ diskQueue: folder, url: "http://127.0.0.1:1" });
  for (let n = 0; n < 3; n++) held.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  const [name = ""] = readdirSync(folder);
  // It is listed, and there is nothing to read.
  symlinkSync(join(folder, "gone"), join(folder, `${process.pid}-1-1-0.queue`));
  cpSync(join(folder, name), join(folder, name.replace(/^(\d+)-\d+-\d+-/, `$1-${process.pid}-1-`)));
  const next = recorder({ diskQueue: folder });
  assert.equal(next.stats().queued, 3);
  next.query({ prompt: "next" }, { metadata: { session_id: session } });
  assert.equal(readdirSync(folder).length, 4, "what it records is on disk");
  assert.equal(await next.close(30_000), true);
  assert.equal((await stored(client(), session, 4)).length, 4);
  await held.close(1);
  rmSync(folder, { recursive: true });
});

test("[queue.processes] worker threads record beside each other, and lose nothing when they end", async () => {
  const session = newSession();
  const workers = Array.from(
    { length: 3 },
    () => new Worker(PROGRAM, { env: { ...process.env, SESSION: session, COUNT: "50" } }),
  );
  assert.deepEqual(
    await Promise.all(workers.map(async (worker) => (await once(worker, "exit"))[0] as number)),
    [0, 0, 0],
  );
  assert.equal((await stored(client(), session, 150)).length, 150);
});

test("[queue.disk] after process.exit() and an exception that nobody caught the next process has it", async () => {
  for (const [then, code] of [
    ["exit", 3],
    ["throw", 1],
  ] as const) {
    const session = newSession();
    const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...process.env, SESSION: session, DISK: folder, THEN: then },
      stdio: ["ignore", "ignore", "ignore"],
    });
    assert.deepEqual(await ended(child), [code, null]);
    const next = recorder({ diskQueue: folder });
    assert.equal(await next.close(30_000), true);
    assert.equal((await stored(client(), session, 10)).length, 10);
    rmSync(folder, { recursive: true });
  }
});

test("[retry.connection] the gateway killed and started again in the middle loses nothing", async () => {
  const gateway = await Gateway.start();
  try {
    const { Client } = await import("@gapin/sdk");
    const session = newSession();
    const one = new Recorder({
      ...gateway.access,
      retryWaitMaxMs: 200,
      queueEventsMax: 100_000,
      batchEventsMax: 50,
      log: () => undefined,
    });
    let n = 0;
    const record = (count: number): void => {
      for (const end = n + count; n < end; n++) one.query({ prompt: `${n}` }, { metadata: { session_id: session } });
    };
    record(1_000);
    await until(() => one.stats().accepted > 0, "some are accepted");
    await gateway.kill();
    record(1_000);
    await until(() => one.stats().retries > 2, "some attempts fail");
    await gateway.startAgain();
    record(1_000);
    assert.equal(await one.close(60_000), true);
    assert.deepEqual([one.stats().accepted, one.stats().dropped], [3_000, 0]);
    const events = await stored(new Client(gateway.access), session, 3_000);
    assert.deepEqual(
      events.map(({ event }) => event.sequence),
      Array.from({ length: 3_000 }, (_, index) => index),
    );
  } finally {
    await gateway.discard();
  }
});

test("[retry.no_loss] 100,000 events arrive, each once, through bursts of faults", async () => {
  const gateway = await Gateway.start();
  const proxy = await FaultyProxy.before(gateway.access.url);
  try {
    let batch = 0;
    proxy.onRequest = () => {
      batch += 1;
      if (batch % 10 === 3) return { answer: 503 };
      if (batch % 10 === 5) return { answer: 429, headers: { "retry-after": "0" } };
      return batch % 10 === 7 ? { cut: "after" } : undefined;
    };
    const options = {
      url: proxy.url,
      retryWaitMinMs: 5,
      retryWaitMaxMs: 50,
      queueEventsMax: 200_000,
      batchEventsMax: 2_000,
      log: () => undefined,
    };
    const one = new Recorder({ ...gateway.access, ...options });
    for (let n = 0; n < 100_000; n++) one.query({ prompt: `${n}` });
    assert.equal(await one.close(150_000), true);
    assert.deepEqual([one.stats().accepted, one.stats().refused, one.stats().dropped], [100_000, 0, 0]);
    // The log has those whose answers were lost twice; the store has each once.
    await until(async () => (await storedEvents(gateway.access)) >= 100_000, "all are stored", 120_000);
    const sequences = await exportedSequences(gateway.access);
    assert.equal(sequences.length, 100_000);
    assert.equal(new Set(sequences).size, 100_000);
    assert.deepEqual([sequences.includes(0), sequences.includes(99_999)], [true, true]);
  } finally {
    await proxy.close();
    await gateway.discard();
  }
});

async function ask(access: { url: string; apiKey: string }, path: string): Promise<globalThis.Response> {
  return fetch(access.url + path, { headers: { authorization: `Bearer ${access.apiKey}` } });
}

/** How many events are stored, as the organisation's metrics count them. */
async function storedEvents(access: { url: string; apiKey: string }): Promise<number> {
  const answer = await ask(access, "/api/v1/metrics/throughput?period=1h");
  return ((await answer.json()) as { total: { events: number } }).total.events;
}

/** The numbers of all events that are stored. */
async function exportedSequences(access: { url: string; apiKey: string }): Promise<number[]> {
  const lines = (await (await ask(access, "/aibbar/events/export?format=ndjson")).text()).trimEnd().split("\n");
  return lines.map((line) => (JSON.parse(line) as { event: { sequence: number } }).event.sequence);
}
