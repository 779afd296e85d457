import assert from "node:assert/strict";
import { test } from "node:test";

import { sign, verify, verifySync } from "@gapin/sdk";
import { sharedAccess } from "./support/gateway.js";
import { recorder } from "./support/stored.js";

/** A generator of numbers that a failing run can be repeated with. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values that two libraries might write differently. */
class HardValues {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  number(): number {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setUint32(0, this.below(2 ** 32));
    bits.setUint32(4, this.below(2 ** 32));
    const any = bits.getFloat64(0);
    const picked =
      [
        any,
        this.#next(),
        10 ** (this.below(617) - 308),
        this.below(2 ** 53) - 2 ** 52,
        5e-324,
        -0,
        1e21,
        1e-7,
        0.1 + 0.2,
      ][this.below(9)] ?? 0;
    const size = Math.abs(picked);
    return !Number.isFinite(picked) || (size > Number.MAX_SAFE_INTEGER && size < 1e21) ? 1.5 : picked;
  }

  text(): string {
    const points = Array.from({ length: this.below(12) }, () => {
      const point = this.below([0x20, 0x80, 0x800, 0x10000, 0x110000][this.below(5)] ?? 0x80);
      return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    });
    return String.fromCodePoint(...points);
  }

  value(depth: number): unknown {
    const kind = this.below(depth > 0 ? 7 : 5);
    if (kind < 2) return this.number();
    if (kind < 4) return this.text();
    if (kind === 4) return [null, true, false][this.below(3)];
    if (kind === 5) return Array.from({ length: this.below(5) }, () => this.value(depth - 1));
    return Object.fromEntries(Array.from({ length: this.below(6) }, () => [this.text(), this.value(depth - 1)]));
  }

  nested(levels: number): unknown {
    return levels === 0
      ? this.text()
      : this.below(2) === 0
        ? [this.nested(levels - 1)]
        : { [this.text()]: this.nested(levels - 1) };
  }
}

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
