/**
 * For the cross test of the SDKs: `cross.js sign COUNT SEED SECRET` writes signed events, one on each line;
 * `cross.js verify SECRET` reads such lines and writes, as JSON, how many there were and which do not verify.
 */

import { once } from "node:events";
import { readFileSync } from "node:fs";

import { newEventId, sign, verify } from "@gapin/sdk";
import { HardValues } from "../support/random.js";

const AI_ID = "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b";
/** With the event itself and its action that is as deep as an event may be. */
const LEVELS_MAX = 62;

async function writeSigned(count: number, seed: number, secret: string): Promise<void> {
  const values = new HardValues(seed);
  const now = new Date();
  for (let sequence = 0; sequence < count; sequence++) {
    const input = sequence % 10 === 0 ? values.nested(LEVELS_MAX) : values.value(6);
    const signed = await sign(
      {
        event_type: "ai.action",
        ai_id: AI_ID,
        ai_version: "cross-1",
        timestamp: now.toISOString(),
        event_id: newEventId(now.getTime()),
        sequence,
        metadata: {},
        action: {
          function: values.text(),
          input,
          output: Array.from({ length: 5 }, () => values.number()),
          latency_ms: 1,
          model: "m",
        },
      },
      secret,
    );
    if (!process.stdout.write(`${JSON.stringify(signed)}\n`)) await once(process.stdout, "drain");
  }
}

async function writeVerified(secret: string): Promise<void> {
  // As bytes: what is no UTF-8 must not be mended on its way.
  const lines: Uint8Array[] = [];
  const all = readFileSync(0);
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf(10, at);
    lines.push(all.subarray(at, end === -1 ? all.length : end));
    at = end === -1 ? all.length : end + 1;
  }
  const bad: number[] = [];
  for (const [number, line] of lines.entries()) if (!(await verify(line, secret))) bad.push(number);
  process.stdout.write(`${JSON.stringify({ events: lines.length, bad })}\n`);
}

const [command, ...args] = process.argv.slice(2);
if (command === "sign") await writeSigned(Number(args[0]), Number(args[1]), args[2] ?? "");
else await writeVerified(args[0] ?? "");
