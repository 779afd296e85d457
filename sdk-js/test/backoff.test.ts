/** The rule by which it waits, by a chance that is given. */

import assert from "node:assert/strict";
import { test } from "node:test";

interface Waits {
  reset(): void;
  nextMs(atLeastMs?: number): number;
}

const { Backoff } = (await import(new URL("../../dist/esm/http/backoff.js", import.meta.url).href)) as {
  Backoff: new (minMs: number, maxMs: number, random?: () => number) => Waits;
};

function waits(backoff: Waits, count: number): number[] {
  return Array.from({ length: count }, () => backoff.nextMs());
}

test("[retry.unavailable] each wait may be twice as long as the one before, up to the bound, and short again after a success", () => {
  const longest = new Backoff(100, 1_000, () => 1);
  assert.deepEqual(waits(longest, 6), [100, 200, 400, 800, 1_000, 1_000]);
  assert.equal(waits(longest, 5_000).at(-1), 1_000, "however often it fails");
  longest.reset();
  assert.deepEqual(waits(longest, 2), [100, 200]);
});

test("[retry.unavailable] it waits any part of that, from nothing on: who failed together does not come back together", () => {
  const parts = [0, 0.25, 0.5, 0.125, 0.75];
  const some = new Backoff(100, 1_000, () => parts.shift() ?? Number.NaN);
  assert.deepEqual(waits(some, 5), [0, 50, 200, 100, 750]);
});

test("[retry.unavailable] chance is the platform's where none is given", () => {
  const wait = waits(new Backoff(1_000, 1_000), 50);
  assert.ok(wait.every((ms) => ms >= 0 && ms < 1_000));
  assert.ok(new Set(wait).size > 1);
});

test("[retry.rate_limited] it waits no less than it is asked to, and longer where that is its own", () => {
  const longest = new Backoff(100, 1_000, () => 1);
  assert.deepEqual([longest.nextMs(5_000), longest.nextMs(50)], [5_000, 200]);
});
