/** Records `COUNT` events of `SESSION` and then does what it is told: a program for the tests of how processes end. */

import cluster from "node:cluster";
import { once } from "node:events";

import { createRequire } from "node:module";

import { Recorder } from "@gapin/sdk";

const {
  /** How many; or, of what goes on and on, its name. */
  COUNT = "10",
  SESSION = "",
  THEN = "end",
  DISK,
  FLUSH_MS = "30000",
  URL_TO = process.env["GAPIN_URL"],
} = process.env;

function recordAll(prefix: string): Recorder {
  const recorder = new Recorder({
    url: URL_TO,
    aiVersion: "test-1",
    batchAgeMs: 60_000,
    flushTimeoutMs: Number(FLUSH_MS),
    diskQueue: DISK,
    log: () => undefined,
  });
  for (let n = 0; n < Number(COUNT); n++) {
    recorder.query({ prompt: `${prefix}${n}` }, { metadata: { session_id: SESSION } });
  }
  return recorder;
}

/** Goes on until it is killed, and says what was recorded. */
async function recordOn(): Promise<never> {
  const bounds = { batchAgeMs: 20, batchEventsMax: 10, queueEventsMax: 100, whenFull: "block" as const };
  const recorder = new Recorder({ url: URL_TO, diskQueue: DISK, log: () => undefined, ...bounds });
  for (let n = 0; ; n++) {
    await recorder.room();
    const prompt = `${COUNT} ${n}`;
    if (recorder.query({ prompt }, { metadata: { session_id: SESSION } })) process.stdout.write(`${prompt}\n`);
    // As a program that has other things to do.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

if (THEN === "on-and-on") {
  await recordOn();
} else if (THEN === "cluster" && cluster.isPrimary) {
  for (let n = 0; n < 3; n++) cluster.fork();
  await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && once(worker, "exit")));
} else if (THEN === "cluster") {
  const recorder = recordAll(`${cluster.worker?.id}-`);
  await recorder.close(30_000);
  process.exit(0);
} else {
  const recorder = recordAll("");
  if (THEN !== "both-forms") process.stdout.write("recorded\n");
  if (THEN === "exit") process.exit(3);
  if (THEN === "throw")
    setImmediate(() => {
      throw new Error("nobody catches this");
    });
  if (THEN === "both-forms") {
    const required = createRequire(import.meta.url)("@gapin/sdk") as { Recorder: typeof Recorder };
    const other = new required.Recorder({ aiVersion: "test-1", batchAgeMs: 60_000, log: () => undefined });
    other.query({ prompt: "of the other form" }, { metadata: { session_id: SESSION } });
    process.stdout.write("recorded too\n");
  }
  // What the package signal-exit does, in its versions 4 and 3: it ends the process where nobody else listens.
  const emitter = { count: 0 };
  const listenAsSignalExit = (): void => {
    emitter.count += 1;
    process.on("SIGTERM", function listener() {
      if (process.listenerCount("SIGTERM") > emitter.count) return;
      process.removeAllListeners("SIGTERM");
      process.kill(process.pid, "SIGTERM");
    });
  };
  if (THEN === "signal-exit-4") Object.assign(globalThis, { [Symbol.for("signal-exit emitter")]: emitter });
  if (THEN === "signal-exit-3") Object.assign(process, { __signal_exit_emitter__: emitter });
  if (THEN.startsWith("signal-exit")) {
    listenAsSignalExit();
    setInterval(() => undefined, 1_000);
  }
  if (THEN === "wait" || THEN === "own-handler" || THEN === "both-forms") setInterval(() => undefined, 1_000);
  if (THEN === "own-handler") {
    process.on("SIGTERM", () => setInterval(() => recorder.stats().queued === 0 && process.exit(7), 10));
  }
}
