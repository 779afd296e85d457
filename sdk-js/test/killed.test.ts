/** SIGKILL while it records and sends: the disk queue has what the gateway has not, and nothing comes twice. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { sharedAccess } from "./support/gateway.js";
import { FaultyProxy, type Harm } from "./support/proxy.js";
import { client, newSession, recorder, stored } from "./support/stored.js";

const PROGRAM = fileURLToPath(new URL("programs/records.js", import.meta.url));

interface Kill {
  readonly harm: Harm;
  readonly isHeld: Promise<void>;
  readonly isOver: Promise<void>;
  free(): void;
}

/** A request on its way when its sender is killed. */
function held(arrives: "never" | "first" | "late"): Kill {
  const [isHeld, onHeld] = promised();
  const [isOver, onOver] = promised();
  const [heldUntil, free] = promised();
  return { harm: { heldUntil, arrives, onHeld, onOver }, isHeld, isOver, free };
}

function promised(): [Promise<void>, () => void] {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((resolved) => (resolve = resolved));
  return [promise, resolve];
}

test("[queue.disk] killed while it sends it loses nothing, and nothing comes twice", async () => {
  const session = newSession();
  const folder = mkdtempSync(join(tmpdir(), "gapin-disk-"));
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const recorded: string[] = [];
  const kills: Kill[] = [];
  // At the first batch, and at later ones.
  for (const [name, before, arrives] of [
    ["first", 0, "never"],
    ["second", 3, "first"],
    ["third", 4, "late"],
    ["fourth", 1, "never"],
  ] as const) {
    const kill = held(arrives);
    kills.push(kill);
    let batches = 0;
    proxy.onRequest = () => {
      batches += 1;
      if (batches <= before) return undefined;
      return batches === before + 1 ? kill.harm : { cut: "before" };
    };
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...process.env, SESSION: session, THEN: "on-and-on", COUNT: name, DISK: folder, URL_TO: proxy.url },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (text) => (said += String(text)));
    await kill.isHeld;
    child.kill("SIGKILL");
    await once(child, "close");
    recorded.push(...said.trimEnd().split("\n"));
  }
  proxy.onRequest = undefined;
  const last = recorder({ url: proxy.url, diskQueue: folder });
  assert.equal(await last.close(60_000), true);
  assert.deepEqual([last.stats().refused, last.stats().dropped], [0, 0]);
  assert.deepEqual(readdirSync(folder), []);
  // What was still on its way comes late, a second time.
  for (const { free, isOver } of kills) {
    free();
    await isOver;
  }
  await client().record({
    event_type: "ai.query",
    query: { prompt: "last of all" },
    metadata: { session_id: session },
  });
  const sent = proxy.batches.flatMap((seen) => FaultyProxy.events(seen));
  const ids = new Set(sent.map(({ event_id }) => event_id));
  assert.equal(new Set(sent.map(({ event_id, signature }) => `${event_id} ${signature}`)).size, ids.size);
  const prompts = (await stored(client(), session, ids.size + 1)).map(({ event }) => event.query?.prompt ?? "");
  assert.equal(prompts.length, ids.size + 1);
  assert.equal(new Set(prompts).size, prompts.length, "each once");
  const kept = new Set(prompts);
  assert.deepEqual(
    recorded.filter((prompt) => !kept.has(prompt)),
    [],
  );
  // One may be on disk whose recording had not returned, of each that was killed.
  assert.ok(prompts.length - 1 - recorded.length <= kills.length, `${prompts.length} of ${recorded.length}`);
  assert.deepEqual(
    [...new Set(recorded.map((prompt) => prompt.split(" ")[0]))],
    ["first", "second", "third", "fourth"],
  );
  await proxy.close();
  rmSync(folder, { recursive: true });
});
