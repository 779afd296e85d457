import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";

import { currentMetadata, enterContext, type Recorder, withContext } from "@gapin/sdk";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { client, newSession, recorder, stored } from "./support/stored.js";

/** Asks by way of timers, promises and callbacks. */
async function asks(one: Recorder, prompt: string): Promise<void> {
  await later(1);
  await Promise.all([new Promise((resolve) => setImmediate(resolve))]);
  one.query({ prompt });
}

test("[context.carried] session, user and request ids are carried into events, across asynchronous code", async () => {
  const session = newSession();
  const one = recorder();
  await withContext({ session_id: session, user_id: "u-1", labels: { tier: "gold" } }, async () => {
    await asks(one, "outer");
    await withContext({ request_id: "r-1", user_id: "u-2", labels: { channel: "web" } }, () => asks(one, "inner"));
    one.query({ prompt: "own" }, { metadata: { user_id: "u-3", labels: { tier: "none" } } });
    const said = await client().record({ event_type: "ai.query", query: { prompt: "awaited" } });
    assert.equal(said.status, "accepted");
  });
  assert.equal(currentMetadata(), undefined);
  await one.close(30_000);
  const told = (await stored(client(), session, 4)).map(({ event }) => [event.query?.prompt, event.metadata]);
  const of = Object.fromEntries(told) as Record<string, unknown>;
  assert.deepEqual(of["outer"], { session_id: session, user_id: "u-1", labels: { tier: "gold" } });
  assert.deepEqual(of["inner"], {
    session_id: session,
    user_id: "u-2",
    request_id: "r-1",
    labels: { tier: "gold", channel: "web" },
  });
  assert.deepEqual(of["own"], { session_id: session, user_id: "u-3", labels: { tier: "none" } });
  assert.deepEqual(of["awaited"], of["outer"]);
});

test("[context.carried] a middleware enters one; both forms of the package have the same", async () => {
  const commonJs = createRequire(import.meta.url)("@gapin/sdk") as typeof import("@gapin/sdk");
  await withContext({}, async () => {
    enterContext({ session_id: "entered" });
    await later(1);
    assert.deepEqual(currentMetadata(), { session_id: "entered" });
    assert.deepEqual(commonJs.currentMetadata(), { session_id: "entered" });
  });
});

test("[context.isolated] concurrent tasks have contexts of their own", async () => {
  const session = newSession();
  const one = recorder();
  const task = (n: number): Promise<void> =>
    withContext({ session_id: session, request_id: `r-${n}` }, async () => {
      for (let turn = 0; turn < 3; turn++) await asks(one, `${n}`);
    });
  await Promise.all(Array.from({ length: 20 }, (_, n) => task(n)));
  assert.equal(await one.close(30_000), true);
  for (const { event } of await stored(client(), session, 60)) {
    assert.equal(event.metadata.request_id, `r-${event.query?.prompt}`);
  }
});

test("[context.opentelemetry] `trace_id` and `span_id` are those of the current span", async () => {
  const session = newSession();
  const one = recorder();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = new BasicTracerProvider().getTracer("test");
  const ids = await tracer.startActiveSpan("work", async (span) => {
    await asks(one, "before");
    await withContext({ session_id: session }, () => asks(one, "traced"));
    span.end();
    return span.spanContext();
  });
  assert.equal(trace.getActiveSpan(), undefined);
  one.query({ prompt: "outside" }, { metadata: { session_id: session } });
  await one.close(30_000);
  const [traced, outside] = (await stored(client(), session, 2)).map(({ event }) => event.metadata);
  assert.deepEqual(traced, { session_id: session, trace_id: ids.traceId, span_id: ids.spanId });
  assert.deepEqual(outside, { session_id: session });
  context.disable();
});
