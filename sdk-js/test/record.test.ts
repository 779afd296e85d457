import assert from "node:assert/strict";
import { test } from "node:test";
import { types } from "node:util";

import {
  InvalidEventError,
  type Metadata,
  type NewEvent,
  type Recorder,
  type SignedEvent,
  sign,
  withContext,
  wrap,
} from "@gapin/sdk";
import { sharedAccess } from "./support/gateway.js";
import { client, newSession, recorder, stored } from "./support/stored.js";

function idOfHoursAgo(hours: number): string {
  const time = (Date.now() - hours * 3_600_000).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7abc-8${crypto.randomUUID().slice(20)}`;
}

test("[record.acknowledged] the answer names the id that the gateway keeps the event under", async () => {
  const session = newSession();
  const said = await client().record({
    event_type: "ai.query",
    query: { prompt: "hello" },
    metadata: { session_id: session },
  });
  assert.equal(said.status, "accepted");
  const [record] = await stored(client(), session, 1);
  assert.equal(record?.record.event_id, said.event_id);
  assert.deepEqual(record?.event.query, { prompt: "hello" });
});

test("[record.refuses] what can't be signed or breaks the schema is refused before anything is sent", async () => {
  let sent = 0;
  const { Client } = await import("@gapin/sdk");
  const local = new Client({ ...sharedAccess(), fetch: async () => Promise.reject(new Error(`sent ${++sent}`)) });
  const cases: [unknown, string, string | undefined][] = [
    [
      { event_type: "ai.query", query: { prompt: "x", parameters: { at: Number.NaN } } },
      "invalid_json",
      "/query/parameters/at",
    ],
    [{ event_type: "ai.query", query: { prompt: 2 ** 60 } }, "invalid_json", "/query/prompt"],
    [{ event_type: "ai.query", query: {}, more: 1 }, "schema_violation", "/more"],
    [{ event_type: "ai.action" }, "schema_violation", "/action"],
    [{ event_type: "ai.query", query: { prompt: "x".repeat(300_000) } }, "event_too_large", undefined],
    [{ event_type: "ai.query", query: { prompt: "x" }, key_id: "another" }, "invalid_signature", undefined],
    [{ event_type: "ai.query", query: {}, event_id: "mine" }, "schema_violation", "/event_id"],
    [{ event_type: "ai.query", query: {}, event_id: crypto.randomUUID() }, "schema_violation", "/event_id"],
    [
      { event_type: "ai.query", query: { prompt: "x" }, event_id: idOfHoursAgo(25) },
      "event_id_time_mismatch",
      undefined,
    ],
    [
      { event_type: "ai.query", query: { prompt: "x" }, event_id: idOfHoursAgo(-25) },
      "event_id_time_mismatch",
      undefined,
    ],
    [
      { event_type: "ai.query", query: { prompt: "x" }, timestamp: "1969-12-31T23:59:59Z" },
      "timestamp_too_old",
      undefined,
    ],
    [
      await sign(
        {
          event_type: "ai.query",
          ai_id: crypto.randomUUID(),
          ai_version: "1",
          query: { prompt: "x" },
          metadata: {},
          timestamp: new Date().toISOString(),
          event_id: idOfHoursAgo(25),
        },
        "secret",
      ),
      "event_id_time_mismatch",
      undefined,
    ],
  ];
  for (const [event, code, pointer] of cases) {
    await assert.rejects(local.record(event as NewEvent), (error) => {
      assert.ok(error instanceof InvalidEventError);
      assert.equal(error.code, code);
      if (pointer !== undefined)
        assert.ok(
          error.errors.some((fault) => fault.pointer === pointer),
          error.message,
        );
      return true;
    });
  }
  assert.equal(sent, 0);
});

test("[record.identity] an id of one's own is kept, whatever its case", async () => {
  const session = newSession();
  const given = [idOfHoursAgo(23).toUpperCase(), idOfHoursAgo(-23)];
  for (const event_id of given) {
    const said = await client().record({
      event_type: "ai.query",
      query: { prompt: "x" },
      event_id,
      metadata: { session_id: session },
    });
    assert.equal(said.event_id, event_id.toLowerCase());
  }
  const records = await stored(client(), session, 2);
  assert.deepEqual(records.map(({ event }) => event.event_id).sort(), given.sort());
});

test("[record.kinds] each kind is stored as the event that was meant", async () => {
  const session = newSession();
  const one = recorder();
  const head = { metadata: { session_id: session } };
  one.action({ function: "search", input: { q: "x" }, output: [1], latency_ms: 2.5, model: "m", tokens_used: 3 }, head);
  one.decision({ type: "route", logic: "cheapest", options: ["a", "b"], chosen: "a", confidence: 0.5 }, head);
  one.error(Object.assign(new TypeError("no such flight"), { code: "E_FLIGHT" }), { ...head, recoverable: true });
  one.query({ messages: [{ role: "user", content: "hi" }], model: "m", parameters: { temperature: 0 } }, head);
  one.response({ output: "hello", usage: { input_tokens: 1, output_tokens: 2 }, finish_reason: "stop" }, head);
  one.record({ event_type: "ai.query", query: { prompt: "p" }, ...head });
  assert.equal(await one.close(30_000), true);
  const events = (await stored(client(), session, 6)).map(({ event }) => event);
  assert.deepEqual(
    events.map((event) => event.event_type),
    ["ai.action", "ai.decision", "ai.error", "ai.query", "ai.response", "ai.query"],
  );
  assert.deepEqual(events[0]?.action, {
    function: "search",
    input: { q: "x" },
    output: [1],
    latency_ms: 2.5,
    model: "m",
    tokens_used: 3,
  });
  assert.deepEqual(events[1]?.decision, {
    type: "route",
    logic: "cheapest",
    options: ["a", "b"],
    chosen: "a",
    confidence: 0.5,
  });
  assert.equal(events[2]?.error?.code, "E_FLIGHT");
  assert.equal(events[2]?.error?.recoverable, true);
  assert.deepEqual(events[4]?.response, {
    output: "hello",
    usage: { input_tokens: 1, output_tokens: 2 },
    finish_reason: "stop",
  });
});

test("[record.identity] ids, times and versions are given; [record.sequence] numbers begin at 0 and grow by 1", async () => {
  const session = newSession();
  const one = recorder();
  for (let n = 0; n < 5; n++) one.query({ prompt: `${n}` }, { metadata: { session_id: session } });
  await one.close(30_000);
  const records = await stored(client(), session, 5);
  for (const [index, { event, record }] of records.entries()) {
    assert.equal(event.sequence, index);
    assert.equal(event.event_id, record.event_id);
    assert.match(event.event_id ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    const idMs = Number.parseInt((event.event_id ?? "").replaceAll("-", "").slice(0, 12), 16);
    assert.equal(idMs, Date.parse(event.timestamp));
    assert.equal(event.ai_version, "test-1");
    assert.ok(event.key_id);
  }
});

test("[record.sequence] each AI system has numbers of its own", async () => {
  const session = newSession();
  const one = recorder();
  const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const ai_id of [a, b, a, b, a]) one.query({ prompt: "p" }, { ai_id, metadata: { session_id: session } });
  await one.close(30_000);
  const events = (await stored(client(), session, 5)).map(({ event }) => event);
  assert.deepEqual(
    events.filter(({ ai_id }) => ai_id === a).map(({ sequence }) => sequence),
    [0, 1, 2],
  );
  assert.deepEqual(
    events.filter(({ ai_id }) => ai_id === b).map(({ sequence }) => sequence),
    [0, 1],
  );
});

test("[record.frozen] changing the object afterwards changes nothing of the event", async () => {
  const session = newSession();
  const one = recorder();
  const messages = [{ role: "user", content: "before" }];
  one.query({ messages }, { metadata: { session_id: session } });
  (messages[0] as { content: string }).content = "after";
  messages.push({ role: "user", content: "more" });
  const event = Object.freeze({
    event_type: "ai.query" as const,
    query: Object.freeze({ prompt: "frozen" }),
    timestamp: new Date(Number.NaN),
  });
  one.record(event);
  await one.close(30_000);
  assert.equal(one.stats().accepted, 2, "what the caller froze is taken, too");
  const [record] = await stored(client(), session, 1);
  assert.deepEqual(record?.event.query?.messages, [{ role: "user", content: "before" }]);
});

class Point {
  x = 1;
  #secret = 2;
  get hidden(): number {
    return this.#secret;
  }
}

test("[record.lossy_values] values that JSON lacks get a safe form, and are accepted", async () => {
  const session = newSession();
  const one = recorder();
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  let deep: unknown = "bottom";
  for (let n = 0; n < 100; n++) deep = [deep];
  const values = {
    at: new Date(0),
    never: new Date(Number.NaN),
    big: 2n ** 70n,
    nan: Number.NaN,
    infinite: -Infinity,
    large: 2 ** 60,
    negativeZero: -0,
    tiny: 5e-324,
    huge: 1e300,
    map: new Map<unknown, unknown>([
      ["a", 1],
      [2, "b"],
    ]),
    set: new Set([1, 2]),
    bytes: new Uint8Array([1, 2, 255]),
    error: new RangeError("out"),
    nothing: undefined,
    list: [undefined, null],
    fn: function named() {},
    symbol: Symbol("s"),
    point: new Point(),
    regex: /x/g,
    link: new URL("http://a.example/"),
    json: { toJSON: () => ({ given: true }) },
    lone: "a\ud800b",
    ["key\udc00"]: 1,
    ["__proto__"]: "name",
    proxy: new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    ),
    getter: Object.defineProperty({}, "bad", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    }),
    revoked: Proxy.revocable({}, {}).proxy,
    circle,
    deep,
  };
  one.action({ function: "f", input: values }, { metadata: { session_id: session } });
  assert.equal(await one.close(30_000), true);
  assert.deepEqual([one.stats().accepted, one.stats().refused, one.stats().dropped], [1, 0, 0]);
  const [record] = await stored(client(), session, 1);
  const input = record?.event.action?.input as Record<string, unknown>;
  const {
    at,
    never,
    big,
    nan,
    infinite,
    large,
    negativeZero,
    tiny,
    huge,
    map,
    set,
    bytes,
    list,
    fn,
    symbol,
    point,
    regex,
    link,
    json,
    lone,
    proxy,
    getter,
  } = input;
  assert.deepEqual(
    {
      at,
      never,
      big,
      nan,
      infinite,
      large,
      negativeZero,
      tiny,
      huge,
      map,
      set,
      bytes,
      list,
      fn,
      symbol,
      point,
      regex,
      link,
      json,
      lone,
      proxy,
      getter,
    },
    {
      at: "1970-01-01T00:00:00.000Z",
      never: "Invalid Date",
      big: "1180591620717411303424",
      nan: "NaN",
      infinite: "-Infinity",
      large: "1152921504606846976",
      negativeZero: 0,
      tiny: 5e-324,
      huge: 1e300,
      map: { a: 1, 2: "b" },
      set: [1, 2],
      bytes: "base64:AQL/",
      list: [null, null],
      fn: "[function named]",
      symbol: "Symbol(s)",
      point: { x: 1 },
      regex: "/x/g",
      link: "http://a.example/",
      json: { given: true },
      lone: "a\uFFFDb",
      proxy: "[unreadable]",
      getter: { bad: "[unreadable]" },
    },
  );
  assert.equal((input["circle"] as Record<string, unknown>)["self"], "[circular]");
  assert.ok(JSON.stringify(input["deep"]).includes("[too deep]"));
  assert.equal((input["error"] as Record<string, unknown>)["message"], "out");
  assert.ok(Object.hasOwn(input, "__proto__"));
  assert.ok(Object.hasOwn(input, "key\uFFFD"));
  assert.ok(!("nothing" in input));
});

test("[record.oversize] an event of more than 256 KiB is shortened, with a mark", async () => {
  const session = newSession();
  const one = recorder();
  const head = { metadata: { session_id: session } };
  one.action({ function: "text", input: "ü".repeat(1_000_000), output: "kept" }, head);
  one.action({ function: "list", input: Array.from({ length: 200_000 }, (_, n) => n), output: "kept" }, head);
  one.action(
    {
      function: "object",
      input: Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, "v".repeat(20)])),
      output: "kept",
    },
    head,
  );
  one.action({ function: "escapes", input: "\u0000".repeat(200_000), output: "kept" }, head);
  one.action({ function: "bytes", input: new Uint8Array(2_000_000), output: "kept" }, head);
  assert.equal(await one.close(30_000), true);
  assert.equal(one.stats().accepted, 5);
  for (const { event } of await stored(client(), session, 5)) {
    assert.ok(Buffer.byteLength(JSON.stringify(event)) <= 256 * 1024);
    assert.equal(event.action?.output, "kept");
    assert.match(JSON.stringify(event.action?.input), /\[\d+ more\]/);
  }
});

test("[record.never_raises] whatever is recorded, whatever is broken: a counter, a callback, a line in the log", async () => {
  const lines: string[] = [];
  const dropped: [SignedEvent, string][] = [];
  const one: Recorder = recorder({
    url: "http://127.0.0.1:1",
    log: (line) => {
      lines.push(line);
      throw new Error("a log that is broken");
    },
    onDropped: (event, reason) => {
      dropped.push([event, reason]);
      throw new Error("a callback that is broken");
    },
    onRefused: async () => Promise.reject(new Error("a callback that is broken")),
  });
  const evil = new Proxy(
    {},
    {
      get: () => {
        throw new Error("evil");
      },
      ownKeys: () => {
        throw new Error("evil");
      },
    },
  );
  const given: unknown[] = [];
  const anything = one as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const method of ["action", "decision", "error", "query", "response", "record"]) {
    for (const value of [undefined, null, 1, "text", Symbol("s"), evil, [], {}, { metadata: evil }]) {
      given.push(anything[method]?.(value), anything[method]?.({ event_type: "ai.query" }, value));
    }
  }
  const { recorded, queued, faults, lastFault } = one.stats();
  assert.equal(recorded + faults, 108);
  assert.equal(recorded, queued);
  assert.ok(faults > 0 && lastFault === "Error", lastFault);
  assert.equal(given.filter((id) => typeof id === "string").length, recorded, "an id, or nothing");
  assert.equal(await one.close(50), false);
  assert.deepEqual([one.stats().dropped, dropped.length, one.stats().faults], [recorded, recorded, faults + recorded]);
  one.query({ prompt: "too late" });
  assert.deepEqual(dropped.at(-1)?.[1], "closed");
  assert.ok(lines.length > 0 && lines.length < 10, `each kind once: ${lines.join("\n")}`);
});

test("[record.identity] a recording method gives the event's id; one that is signed already stays as it is", async () => {
  const session = newSession();
  const one = recorder();
  const id = one.query({ prompt: "first" }, { metadata: { session_id: session } });
  const other = { ...sharedAccess(), aiId: crypto.randomUUID() };
  const signed = await sign(
    {
      ai_id: other.aiId,
      ai_version: "other-7",
      event_type: "ai.query",
      key_id: other.signingKeyId,
      metadata: { session_id: session },
      query: { prompt: "signed" },
      sequence: 1,
      timestamp: new Date().toISOString(),
    },
    other.signingSecret,
  );
  const signedId = withContext({ user_id: "u" }, () => one.record(signed));
  assert.equal(
    one.record({ ...signed, signature: "none", query: { prompt: "not signed" }, sequence: 2 }) !== undefined,
    true,
  );
  assert.equal(await one.close(30_000), true);
  assert.equal(one.stats().accepted, 3);
  const [first, second, third] = await stored(client(), session, 3);
  assert.equal(first?.record.event_id, id);
  assert.equal(second?.record.event_id, signedId);
  assert.deepEqual(second?.event, signed);
  assert.equal(third?.event.query?.prompt, "not signed");
  const again = await client().record(signed);
  assert.deepEqual(again, { event_id: signedId, status: "accepted" }, "a client sends it as it is, too");
});

test("[record.lossy_values] metadata that the schema does not have becomes labels, of which 32 are kept", async () => {
  const session = newSession();
  const one = recorder();
  const labels = (prefix: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${prefix}${n}`, "x"]));
  withContext({ session_id: session, labels: labels("outer") }, () => {
    const metadata = { tenant: 7, plan: { name: "pro", seats: 3n }, user_id: null, labels: labels("own") };
    one.query({ prompt: "p" }, { metadata: metadata as unknown as Metadata });
  });
  one.query({ prompt: "p" }, { metadata: { session_id: session, labels: { long: "x".repeat(3_000) } } });
  assert.equal(await one.close(30_000), true);
  assert.deepEqual([one.stats().accepted, one.stats().lastFault], [2, undefined]);
  const [first, second] = (await stored(client(), session, 2)).map(({ event }) => event.metadata);
  assert.deepEqual(first?.labels, { tenant: "7", plan: '{"name":"pro","seats":"3"}', ...labels("own") });
  assert.equal(second?.labels?.["long"]?.length, 1_024);
});

test("[record.wrap] whatever is thrown reaches the caller", async () => {
  const one = recorder({ url: "http://127.0.0.1:1" });
  const evil = new Proxy(
    {},
    {
      get: () => {
        throw new Error("evil");
      },
      getPrototypeOf: () => {
        throw new Error("evil");
      },
    },
  );
  const circle: { self?: unknown } = {};
  circle.self = circle;
  for (const thrown of [{ code: { n: 1n } }, { message: circle }, { code: Symbol("s") }, evil, undefined, () => 1]) {
    const throws = wrap(one, () => {
      throw thrown;
    });
    let caught: unknown = "nothing";
    try {
      throws();
    } catch (error) {
      caught = error;
    }
    assert.ok(caught === thrown, "it is what was thrown");
    const gives = wrap(one, () => thrown);
    assert.ok(gives() === thrown);
  }
  const { recorded, faults } = one.stats();
  assert.deepEqual([recorded, faults], [12, 0], "and all of it is recorded");
  await one.close(1);
});

test("[record.wrap] a function's call, result, latency and fault; sync, async and generators", async () => {
  const session = newSession();
  const one = recorder();
  const fault = new RangeError("too far");
  const add = wrap(one, function add(a: number, b: number) {
    return a + b;
  });
  const later = wrap(
    one,
    async (order: { id: number }) => {
      order.id = 8;
      return order;
    },
    { name: "later", model: "m-1" },
  );
  const fails = wrap(
    one,
    async () => {
      throw fault;
    },
    { name: "fails" },
  );
  const throws = wrap(
    one,
    () => {
      throw fault;
    },
    { name: "throws" },
  );
  const counts = wrap(one, function* counts(to: number) {
    for (let n = 0; n < to; n++) yield n;
    return "end";
  });
  const streams = wrap(one, async function* streams() {
    yield "a";
    yield "b";
    yield "c";
  });
  const many = wrap(one, function* many() {
    for (let n = 0; n < 1_234; n++) yield n;
  });
  await withContext({ session_id: session }, async () => {
    assert.equal(add(1, 2), 3);
    assert.equal(add.name, "add");
    assert.equal(add.length, 2);
    assert.deepEqual(await later({ id: 7 }), { id: 8 });
    await assert.rejects(fails(), (error) => error === fault);
    assert.throws(throws, (error) => error === fault);
    const generator = counts(3);
    assert.ok(types.isGeneratorObject(counts(0)) || Symbol.iterator in generator);
    assert.deepEqual([...generator], [0, 1, 2]);
    for await (const item of streams()) if (item === "b") break;
    assert.equal([...many()].length, 1_234);
  });
  await one.close(30_000);
  const events = (await stored(client(), session, 7)).map(({ event }) => event);
  const of = (name: string): SignedEvent | undefined => events.find(({ action }) => action?.function === name);
  assert.deepEqual([of("add")?.action?.input, of("add")?.action?.output], [[1, 2], 3]);
  assert.deepEqual(
    [of("later")?.action?.input, of("later")?.action?.output, of("later")?.action?.model],
    [[{ id: 7 }], { id: 8 }, "m-1"],
  );
  assert.ok((of("later")?.action?.latency_ms ?? -1) >= 0);
  for (const name of ["fails", "throws"]) {
    assert.equal(of(name)?.event_type, "ai.error");
    assert.deepEqual([of(name)?.error?.code, of(name)?.error?.message], ["RangeError", "too far"]);
  }
  assert.deepEqual(of("counts")?.action?.output, { yielded: [0, 1, 2], returned: "end" });
  assert.deepEqual(of("streams")?.action?.output, ["a", "b"]);
  const output = of("many")?.action?.output as unknown[];
  assert.deepEqual([output.length, output.at(-1)], [1_001, "…[234 more]"]);
});
