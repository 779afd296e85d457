import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import * as sdk from "@gapin/sdk";
import { sharedAccess } from "./support/gateway.js";
import { FaultyProxy } from "./support/proxy.js";
import { client, recorder } from "./support/stored.js";
import { until } from "./support/until.js";

async function errorOf(promise: Promise<unknown>): Promise<sdk.ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof sdk.ApiError, inspect(error));
  return error;
}

test("[errors.typed] each class by the gateway's own answers", async () => {
  const access = sharedAccess();
  const { keys } = client();
  const reader = await keys.create({ name: `reader-${crypto.randomUUID()}`, scopes: ["events:read"] });
  const limited = await keys.create({
    name: `limited-${crypto.randomUUID()}`,
    scopes: ["events:read"],
    requests_per_minute: 1,
  });
  const query: sdk.NewEvent = { event_type: "ai.query", query: { prompt: "x" } };
  const slow = new sdk.Client({ ...access, apiKey: limited.key });
  const limit = async (): Promise<unknown> => {
    for (;;) await slow.events.list().page();
  };
  const cases: [sdk.ApiError, typeof sdk.ApiError, number, string, boolean][] = [
    [
      await errorOf(new sdk.Client({ ...access, apiKey: `sk_${"0".repeat(30)}` }).events.list().page()),
      sdk.AuthenticationError,
      401,
      "invalid_api_key",
      false,
    ],
    [
      await errorOf(new sdk.Client({ ...access, signingSecret: "not the secret" }).record(query)),
      sdk.AuthenticationError,
      401,
      "invalid_signature",
      false,
    ],
    [
      await errorOf(new sdk.Client({ ...access, apiKey: reader.key }).record(query)),
      sdk.PermissionDeniedError,
      403,
      "missing_scope",
      false,
    ],
    [await errorOf(client().topics.get("none")), sdk.NotFoundError, 404, "not_found", false],
    [await errorOf(client().topics.create({ name: "a/b" })), sdk.InvalidRequestError, 400, "invalid_body", false],
    [
      await errorOf(client().record({ ...query, timestamp: "2001-01-01T00:00:00Z" })),
      sdk.InvalidRequestError,
      400,
      "timestamp_too_old",
      false,
    ],
    [await errorOf(limit()), sdk.RateLimitError, 429, "rate_limited", true],
  ];
  for (const [error, type, status, code, retryable] of cases) {
    assert.ok(error instanceof type && error instanceof sdk.GapinError, code);
    assert.deepEqual([error.name, error.status, error.code, error.retryable], [type.name, status, code, retryable]);
    assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
    assert.ok(error.detail.length > 0);
  }
  assert.ok((cases.at(-1)?.[0].retryAfterMs ?? 0) > 0);
  assert.ok((cases[4]?.[0].errors.length ?? 0) > 0, "each fault with its place");
});

test("[errors.typed] answers that are none of the gateway's, and no answers", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const one = new sdk.Client({ ...sharedAccess(), url: proxy.url, requestTimeoutMs: 2_000 });
  const query: sdk.NewEvent = { event_type: "ai.query", query: { prompt: "x" } };
  proxy.harms = [
    { answer: 502, body: "<html>" },
    { answer: 409, body: { code: "in_use", detail: "wait" } },
    { cut: "before" },
    { silent: true },
    { answer: 302, headers: { location: "http://127.0.0.1:1/" } },
  ];
  const [bad, conflict] = [await errorOf(one.record(query)), await errorOf(one.record(query))];
  assert.ok(bad instanceof sdk.ServerError && bad.retryable && bad.code === "http_502");
  assert.ok(conflict instanceof sdk.ConflictError && conflict.code === "in_use");
  await assert.rejects(
    one.record(query),
    (error) => error instanceof sdk.TransportError && error.retryable && error.code === "transport",
  );
  await assert.rejects(
    one.record(query),
    (error) => error instanceof sdk.TimeoutError && error.retryable && error.code === "timeout",
  );
  assert.equal((await errorOf(one.record(query))).status, 302, "events go nowhere else");
  await proxy.close();
});

test("[errors.typed] an answer that is none of a gateway's is no acknowledgement, and asking again changes nothing", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const one = new sdk.Client({ ...sharedAccess(), url: proxy.url });
  const another = `{"event_id":"${crypto.randomUUID()}","status":"accepted"}`;
  const answers = ["<html>It works!</html>", "", "{}", "[]", '{"event_id":"x"}', '{"event_id":7,"status":"accepted"}'];
  answers.push('{"event_id":"x","status":"accepted"}', another);
  proxy.harms = answers.map((text) => ({ answer: 200, headers: { "x-request-id": "r-1" }, text }));
  for (const answer of answers) {
    await assert.rejects(one.record({ event_type: "ai.query", query: { prompt: "x" } }), (error) => {
      assert.ok(error instanceof sdk.UnreadableError, answer);
      assert.deepEqual([error.code, error.retryable, error.status, error.requestId], ["unreadable", false, 200, "r-1"]);
      return true;
    });
  }
  await proxy.close();
});

test("[errors.typed] [read.list] an answer that is none of a gateway's is no page", async () => {
  const proxy = await FaultyProxy.before(sharedAccess().url);
  const one = new sdk.Client({ ...sharedAccess(), url: proxy.url });
  for (const text of ["<html>It works!</html>", "{}", "[]", '{"items":7}']) {
    proxy.onRequest = () => ({ answer: 200, text });
    for (const listing of [one.events.list(), one.topics.list(), one.keys.list()] as AsyncIterable<unknown>[]) {
      await assert.rejects(listing[Symbol.asyncIterator]().next(), sdk.UnreadableError, text);
    }
  }
  await proxy.close();
});

test("[errors.typed] every error has `status` and `requestId`, whether it has an answer or not", async () => {
  const errors = [
    await new sdk.Client({ apiKey: "k", url: "http://127.0.0.1:1" }).events
      .get(crypto.randomUUID())
      .catch((error: unknown) => error),
    await client()
      .record({ event_type: "ai.action" })
      .catch((error: unknown) => error),
  ];
  for (const error of errors) {
    assert.ok(error instanceof sdk.GapinError, inspect(error));
    assert.ok("status" in error && "requestId" in error);
    assert.deepEqual([error.status, error.requestId], [undefined, undefined]);
  }
});

test("[errors.no_secrets] no key and no secret is shown in errors, text forms or log lines", async () => {
  const secrets = { apiKey: "sk_verysecretverysecretverysec", signingSecret: "signing-secret-of-nobody" };
  const said: string[] = [];
  const proxy = await FaultyProxy.before(sharedAccess().url);
  proxy.always = { answer: 401, body: { code: "invalid_api_key", detail: "no" } };
  const one = new sdk.Client({ ...sharedAccess(), ...secrets });
  const other = recorder({ ...secrets, url: proxy.url, log: (line) => void said.push(line) });
  other.query({ prompt: "the contents of an event" });
  await until(() => said.length > 0, "a line in the log");
  for (const thing of [one, other, one.events, one.stream(), other.stats()]) {
    said.push(inspect(thing, { depth: 10, showHidden: true }), JSON.stringify(thing), String(thing));
  }
  for (const url of ["http://127.0.0.1:1", "http://no-such-host.invalid", sharedAccess().url]) {
    const error = await new sdk.Client({ ...secrets, url }).events
      .list()
      .page()
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    assert.ok(error instanceof sdk.GapinError);
    said.push(inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error));
  }
  for (const options of [{ apiKey: `${secrets.apiKey}\n` }, { apiKey: "k", url: `http://u:${secrets.apiKey}@h/` }]) {
    assert.throws(
      () => new sdk.Client(options),
      (error) => {
        said.push(inspect(error));
        return error instanceof sdk.ConfigurationError;
      },
    );
  }
  await other.close(1);
  for (const text of said) {
    for (const secret of [...Object.values(secrets), "the contents of an event"])
      assert.ok(!text.includes(secret), text);
  }
  await proxy.close();
});

test("[errors.settings] settings come from the environment, and arguments win", async () => {
  const names = ["GAPIN_URL", "GAPIN_API_KEY", "GAPIN_SIGNING_SECRET", "GAPIN_SIGNING_KEY_ID", "GAPIN_AI_ID"];
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  try {
    assert.equal(
      (await new sdk.Client().record({ event_type: "ai.query", query: { prompt: "x" } })).status,
      "accepted",
    );
    // The environment's key id is of the environment's secret.
    const proxy = await FaultyProxy.before(sharedAccess().url);
    for (const [signingSecret, keyId] of [
      [undefined, process.env["GAPIN_SIGNING_KEY_ID"]],
      [process.env["GAPIN_SIGNING_SECRET"], undefined],
    ]) {
      await new sdk.Client({ url: proxy.url, signingSecret }).record({
        event_type: "ai.query",
        query: { prompt: "x" },
      });
      assert.equal(FaultyProxy.events(proxy.batches.at(-1)!)[0]?.["key_id"], keyId);
    }
    await proxy.close();
    assert.equal(new sdk.Client({ url: "http://other:1/base/" }).url, "http://other:1/base");
    for (const name of names) delete process.env[name];
    assert.equal(new sdk.Client({ apiKey: "k" }).url, "http://127.0.0.1:8080");
    assert.throws(() => new sdk.Client(), { code: "configuration", message: /GAPIN_API_KEY/ });
    assert.throws(() => new sdk.Recorder({ apiKey: "k" }), { message: /GAPIN_SIGNING_SECRET/ });
    const event: sdk.NewEvent = { event_type: "ai.query", query: { prompt: "x" } };
    await assert.rejects(new sdk.Client({ apiKey: "k" }).record(event), { message: /GAPIN_SIGNING_SECRET/ });
    await assert.rejects(new sdk.Client({ apiKey: "k", signingSecret: "s" }).record(event), { message: /GAPIN_AI_ID/ });
    for (const options of [{ url: "nowhere" }, { url: "ftp://h/" }, { requestTimeoutMs: 0 }]) {
      assert.throws(() => new sdk.Client({ apiKey: "k", ...options }), sdk.ConfigurationError);
    }
    for (const options of [{ queueEventsMax: -1 }, { batchAgeMs: 0.5 }, { whenFull: "explode" as never }]) {
      assert.throws(() => new sdk.Recorder({ apiKey: "k", signingSecret: "s", ...options }), sdk.ConfigurationError);
    }
  } finally {
    for (const [name, value] of Object.entries(before)) if (value !== undefined) process.env[name] = value;
  }
});
