import assert from "node:assert/strict";
import { test } from "node:test";

import { Browser, pageBefore } from "./support/browser.js";
import { sharedAccess } from "./support/gateway.js";
import { client, newSession, recorder, stored } from "./support/stored.js";
import { until } from "./support/until.js";

const KEPT = 40;

interface Told {
  fault?: string;
  /** The page has seen what was kept before it, and waits for what comes. */
  isLive?: true;
  listed?: string[];
  got?: string;
  missing?: unknown[];
  verified?: boolean[];
  canonical?: string;
  streamed?: string[];
  wants?: string[];
}

/** What runs in the page. */
function script(session: string): string {
  const { apiKey, signingSecret } = sharedAccess();
  return `
    import * as sdk from "/sdk/browser.js";
    const tell = (told) => fetch("/told", { method: "POST", body: JSON.stringify(told) });
    const prompt = ({ event }) => event.query.prompt;
    try {
      const { Client, NotFoundError, canonicalize, verify } = sdk;
      const client = new Client({ url: location.origin, apiKey: ${JSON.stringify(apiKey)} });
      const filter = { session_id: ${JSON.stringify(session)} };
      const listed = [];
      for await (const one of client.events.list({ ...filter, limit: 15 })) listed.push(one);
      const got = await client.events.get(listed[0].record.event_id);
      const missing = await client.events.get("01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60")
        .then(() => [], (error) => [error instanceof NotFoundError, error.status, error.code]);
      const secret = ${JSON.stringify(signingSecret)};
      const forged = { ...got.event, sequence: got.event.sequence + 1 };
      const verified = [await verify(got.event, secret), await verify(forged, secret), await verify(got.event, "another")];
      const streamed = [];
      for await (const one of client.stream(filter, { cursor: "earliest" })) {
        streamed.push(prompt(one));
        if (streamed.length === ${KEPT}) await tell({ isLive: true });
        if (streamed.length === ${KEPT} + 1) break;
      }
      const canonical = canonicalize({ b: [1e21, "\\u20ac"], a: -0 });
      const wants = ["Recorder", "wrap", "withContext"].filter((name) => name in sdk);
      await tell({ listed: listed.map(prompt), got: prompt(got), missing, verified, canonical, streamed, wants });
    } catch (error) {
      await tell({ fault: String(error?.stack ?? error) });
    }`;
}

test("[read.list] [read.get] [stream.live] [stream.resumes] [verify.signatures] in a real browser", async () => {
  const session = newSession();
  const writer = recorder();
  const head = { metadata: { session_id: session } };
  for (let n = 0; n < KEPT; n++) writer.query({ prompt: `${n}`, parameters: "x".repeat(2_000) }, head);
  assert.equal(await writer.flush(30_000), true);
  await stored(client(), session, KEPT);
  const told: Told = {};
  let streams = 0;
  const proxy = await pageBefore(
    sharedAccess().url,
    script(session),
    (what) => Object.assign(told, what),
    ({ path }) => (path.startsWith("/sse/") && ++streams === 1 ? { cutAfterBytes: 30_000 } : undefined),
  );
  const browser = new Browser(`${proxy.url}/page`);
  try {
    const isTold = (what: keyof Told) => () => what in told || told.fault !== undefined;
    await until(isTold("isLive"), "the page has seen what is kept");
    writer.query({ prompt: "live" }, head);
    await until(isTold("streamed"), "the page has seen what came afterwards");
  } finally {
    await browser.close();
    await proxy.close();
    await writer.close();
  }
  assert.equal(told.fault, undefined);
  const kept = Array.from({ length: KEPT }, (_, n) => `${n}`);
  assert.deepEqual(told.listed?.toSorted(byNumber), kept);
  assert.equal(told.got, told.listed?.[0]);
  assert.deepEqual(told.missing, [true, 404, "not_found"]);
  assert.deepEqual(told.verified, [true, false, false]);
  assert.equal(told.canonical, '{"a":0,"b":[1e+21,"€"]}');
  assert.deepEqual(told.streamed, [...kept, "live"]);
  assert.ok(streams >= 2, `${streams} streams`);
  assert.deepEqual(told.wants, [], "a page records nothing");
});

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}
