// What recording costs its caller, and how many events a second one process brings into a local gateway.
// GAPIN_URL and the others name the gateway; without them GAPIN_BIN is started. EVENTS: how many (200,000).
// ANSWERING_BIN: a server that only answers (load-tests/examples/answering.rs).
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
let gateway;
if (process.env.GAPIN_URL === undefined) {
  const build = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  build("scripts/build.mjs");
  build(createRequire(import.meta.url).resolve("typescript/bin/tsc"), "-p", "test");
  process.env.GAPIN_BIN = resolve(root, process.env.GAPIN_BIN ?? "../target/release/gapin");
  const { Gateway } = await import(new URL("../build/test/support/gateway.js", import.meta.url).href);
  gateway = await Gateway.start();
  Object.assign(process.env, gateway.variables);
}
const { Recorder } = await import("@gapin/sdk");

const count = Number(process.env.EVENTS ?? 200_000);
/** An event of some 1 KB, the one that the other SDKs are measured with: its text is as compressible as theirs. */
const event = {
  function: "search_orders",
  input: {
    query: "refunds of orders that were paid by card and not delivered within thirty days",
    filters: { country: "IT", currency: "EUR", price_max: 129.5, tags: ["card", "late", "refund"] },
    limit: 20,
  },
  output: Array.from({ length: 6 }, (_, id) => ({
    id,
    title: `Order ${id} was not delivered`,
    score: 0.93 - id / 100,
    late: true,
  })),
  latency_ms: 12.5,
  model: "gpt-4-turbo",
  tokens_used: 421,
};
const options = {
  queueEventsMax: count + 1,
  queueBytesMax: 2 ** 33,
  batchEventsMax: Number(process.env.BATCH ?? 2_000),
  batchBytesMax: 8 * 2 ** 20,
};

/** What `action` costs, in µs, of recorders that send nothing meanwhile, and have room. */
async function costOf(what, more) {
  const costs = [];
  for (let round = 0; round < 10; round++) {
    const bounds = { batchAgeMs: 2 ** 30, batchEventsMax: 5_000, queueEventsMax: 5_000 };
    const quiet = new Recorder({ ...options, ...bounds, log: () => {}, ...more });
    for (let n = 0; n < 4_000; n++) {
      const startedMs = performance.now();
      quiet.action(event);
      const tookMs = performance.now() - startedMs;
      if (round >= 5) costs.push(tookMs * 1000); // warm by now
    }
    await quiet.close(1);
  }
  costs.sort((a, b) => a - b);
  const at = (share) => costs[Math.floor(costs.length * share)].toFixed(1);
  console.log(`${what}: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs of the caller's time`);
}

await costOf("record", {});
const folder = mkdtempSync(join(tmpdir(), "gapin-bench-"));
await costOf("record onto the disk queue", { diskQueue: folder });
rmSync(folder, { recursive: true });

/** How many events a second reach the end of the way, and what that takes of this process. */
async function throughput(what, more) {
  // As much waits as ten batches; whoever records waits for room.
  const bounds = { whenFull: "block", queueEventsMax: options.batchEventsMax * 10 };
  const recorder = new Recorder({ ...options, ...bounds, log: (line) => console.log(line), ...more });
  const startedMs = performance.now();
  const usedBefore = process.cpuUsage();
  for (let n = 0; n < count; n++) {
    await recorder.room();
    recorder.action(event);
    // A program does something else, too: the recorder gets its turn.
    if (n % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const isSent = await recorder.close(600_000);
  const seconds = (performance.now() - startedMs) / 1000;
  const used = process.cpuUsage(usedBefore);
  const { accepted, requests, retries } = recorder.stats();
  console.log(
    `${what}: ${accepted} events in ${seconds.toFixed(1)} s: ${Math.round(accepted / seconds)} a second, in ${requests} requests, ${retries} of them again; all sent: ${isSent}`,
  );
  const each = ((used.user + used.system) / accepted).toFixed(1);
  console.log(`${what}: ${each} µs of processor time of this process for each event`);
}

await throughput("into the gateway", {});
if (process.env.ANSWERING_BIN !== undefined) {
  // A server that only answers: what reaches it is the package's own limit.
  const server = spawn(resolve(root, process.env.ANSWERING_BIN), { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(server.stdout, "data");
  await throughput("into a server that only answers", { url: String(line).trim(), compress: false });
  server.stdin.end();
}
await gateway?.discard();
