/** Records `COUNT` events of `SESSION` and then does what it is told: a program for the tests of how processes end. */

import cluster from "node:cluster";
import { once } from "node:events";

import { createRequire } from "node:module";

import { Recorder } from "@gapin/sdk";

const {
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

if (THEN === "cluster" && cluster.isPrimary) {
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
  if (THEN === "wait" || THEN === "own-handler" || THEN === "both-forms") setInterval(() => undefined, 1_000);
  if (THEN === "own-handler") {
    process.on("SIGTERM", () => setInterval(() => recorder.stats().queuedEvents === 0 && process.exit(7), 10));
  }
}
