import assert from "node:assert/strict";
import { test } from "node:test";

import { sign, verify, verifySync } from "@gapin/sdk";
import { sharedAccess } from "./support/gateway.js";
import { HardValues } from "./support/random.js";
import { recorder } from "./support/stored.js";

test("[verify.gateway] random events with hard numbers, Unicode and nesting, signed here, are accepted", async () => {
  const access = sharedAccess();
  const seed = Math.floor(Math.random() * 2 ** 31);
  const values = new HardValues(seed);
  const lines: string[] = [];
  for (let n = 0; n < 1_000; n++) {
    const input = n % 10 === 0 ? values.nested(60) : values.value(6);
    const signed = await sign(
      {
        event_type: "ai.action",
        ai_id: access.aiId,
        ai_version: "random",
        timestamp: new Date().toISOString(),
        key_id: access.signingKeyId,
        metadata: { labels: { label: values.text() } },
        sequence: n,
        action: {
          function: values.text(),
          input,
          output: values.number(),
          latency_ms: Math.abs(values.number()),
          model: "m",
        },
      },
      access.signingSecret,
    );
    lines.push(JSON.stringify(signed));
    assert.equal(await verify(lines[n] ?? "", access.signingSecret), true);
    assert.equal(verifySync(signed, access.signingSecret), true);
  }
  const answer = await fetch(`${access.url}/aibbar/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${access.apiKey}`, "content-type": "application/x-ndjson" },
    body: lines.join("\n"),
  });
  const { accepted, results } = (await answer.json()) as { accepted: number; results: { status: string }[] };
  const first = results.findIndex(({ status }) => status !== "accepted");
  assert.equal(accepted, 1_000, `seed ${seed}: ${JSON.stringify(results[first])} ${lines[first]}`);
});

test("[verify.gateway] and so is what the recorder makes of them", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const values = new HardValues(seed);
  const refusals: unknown[] = [];
  const one = recorder({ onRefused: (event, refusal) => void refusals.push([event, refusal]) });
  for (let n = 0; n < 1_000; n++)
    one.action({ function: values.text(), input: n % 10 === 0 ? values.nested(100) : values.value(6) });
  assert.equal(await one.close(60_000), true);
  assert.equal(one.stats().accepted, 1_000, `seed ${seed}: ${JSON.stringify(refusals[0])}`);
});
