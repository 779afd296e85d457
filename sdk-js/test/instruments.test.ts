import assert from "node:assert/strict";
import { test } from "node:test";

import { openai as aiOpenAi, createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { type Recorder, type SignedEvent, withContext, wrap } from "@gapin/sdk";
import { recording } from "@gapin/sdk/ai";
import { instrument as instrumentAnthropic } from "@gapin/sdk/anthropic";
import { instrument as instrumentOpenAi } from "@gapin/sdk/openai";
import { generateText, streamText, tool, wrapLanguageModel } from "ai";
import OpenAI from "openai";
import { z } from "zod";
import { Provider } from "./support/providers.js";
import { client, newSession, recorder, stored } from "./support/stored.js";

const TOOLS = [
  {
    type: "function" as const,
    function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];

interface Case {
  one: Recorder;
  session: string;
  /** What was stored of the session, by type. */
  told(count: number): Promise<Record<string, SignedEvent[]>>;
}

/** Runs calls in a session of their own and gives what was stored of it. */
async function recorded(run: (it: Case) => Promise<void>): Promise<void> {
  const session = newSession();
  const one = recorder();
  const told = async (count: number): Promise<Record<string, SignedEvent[]>> => {
    assert.equal(await one.flush(30_000), true);
    assert.deepEqual([one.stats().accepted, one.stats().refused, one.stats().dropped], [count, 0, 0]);
    const byType: Record<string, SignedEvent[]> = {};
    for (const { event } of await stored(client(), session, count)) (byType[event.event_type] ??= []).push(event);
    return byType;
  };
  await withContext({ session_id: session }, () => run({ one, session, told }));
  await one.close();
}

async function openAi(
  it: Case,
  run: (client: OpenAI, plain: OpenAI, server: Provider) => Promise<void>,
): Promise<void> {
  const server = await Provider.openAi();
  const make = (): OpenAI => new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
  await run(instrumentOpenAi(make(), { recorder: it.one }), make(), server);
  await server.close();
}

async function anthropic(it: Case, run: (client: Anthropic, plain: Anthropic) => Promise<void>): Promise<void> {
  const server = await Provider.anthropic();
  const make = (): Anthropic => new Anthropic({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
  await run(instrumentAnthropic(make(), { recorder: it.one }), make());
  await server.close();
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const CHAT = { model: "gpt-4o", messages: [{ role: "user" as const, content: "hi" }], temperature: 0.5 };
const WEATHER = { model: "gpt-4o", messages: [{ role: "user" as const, content: "the weather?" }], tools: TOOLS };
const MESSAGE = { model: "claude-test-1", max_tokens: 64, messages: [{ role: "user" as const, content: "hi" }] };
const ANTHROPIC_WEATHER = {
  ...MESSAGE,
  messages: [{ role: "user" as const, content: "the weather?" }],
  tools: [{ name: "get_weather", input_schema: { type: "object" as const } }],
};

test("[instruments.openai] query, response and usage of a chat completion", () =>
  recorded((it) =>
    openAi(it, async (ai, plain) => {
      assert.deepEqual(await ai.chat.completions.create(CHAT), await plain.chat.completions.create(CHAT));
      const {
        "ai.query": [query],
        "ai.response": [response],
      } = (await it.told(2)) as Record<string, SignedEvent[]> & {
        "ai.query": SignedEvent[];
        "ai.response": SignedEvent[];
      };
      assert.deepEqual(query?.query, { model: "gpt-4o", messages: CHAT.messages, parameters: { temperature: 0.5 } });
      assert.deepEqual(response?.response?.output, { role: "assistant", content: "Hello there.", refusal: null });
      assert.deepEqual(response?.response?.usage, { input_tokens: 11, output_tokens: 7 });
      assert.deepEqual(
        [response?.response?.finish_reason, response?.response?.model, response?.ai_version],
        ["stop", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06"],
      );
      assert.ok((response?.response?.latency_ms ?? 0) > 0);
      assert.equal(query?.metadata.labels?.["instrument"], "openai");
      assert.ok(query?.metadata.labels?.["call"]);
      assert.deepEqual(query?.metadata.labels, response?.metadata.labels);
    }),
  ));

test("[instruments.openai] and of the Responses API, its helpers, and clients made of it", () =>
  recorded((it) =>
    openAi(it, async (ai, plain) => {
      const ask = { model: "gpt-4o", input: "hi" };
      assert.deepEqual(await ai.responses.create(ask), await plain.responses.create(ask));
      assert.deepEqual((await ai.responses.parse(ask)).output_text, "Hello there.");
      await ai.withOptions({ timeout: 5_000 }).responses.create(ask);
      await ai.chat.completions.parse(CHAT);
      const told = await it.told(11);
      assert.deepEqual([told["ai.query"]?.length, told["ai.response"]?.length, told["ai.action"]?.length], [4, 4, 3]);
      assert.equal(told["ai.query"]?.[0]?.query?.prompt, "hi");
      assert.deepEqual(told["ai.response"]?.[0]?.response?.usage, { input_tokens: 11, output_tokens: 7 });
    }),
  ));

const COMPLETION = { model: "gpt-3.5-turbo-instruct", prompt: "hi", max_tokens: 7 };

test("[instruments.openai] and of the completions of old, of one prompt and of several", () =>
  recorded((it) =>
    openAi(it, async (ai, plain) => {
      const several = { ...COMPLETION, prompt: ["hi", "again"] };
      for (const ask of [COMPLETION, several]) {
        assert.deepEqual(await ai.completions.create(ask), await plain.completions.create(ask));
      }
      await assert.rejects(ai.completions.create({ ...COMPLETION, prompt: "please fail" }), OpenAI.RateLimitError);
      const { "ai.query": queries = [], "ai.response": responses = [], "ai.error": errors } = await it.told(6);
      const { model, prompt } = COMPLETION;
      assert.deepEqual(queries[0]?.query, { model, prompt, parameters: { max_tokens: 7 } });
      assert.deepEqual(queries[1]?.query, { model, messages: [several.prompt], parameters: { max_tokens: 7 } });
      assert.deepEqual(
        responses.map(({ response }) => [response?.output, response?.finish_reason, response?.model, response?.usage]),
        ["Hello there.", ["Hello there.", "Hello there."]].map((output) => [
          output,
          "stop",
          model,
          { input_tokens: 11, output_tokens: 7 },
        ]),
      );
      assert.equal(errors?.length, 1);
    }),
  ));

test("[instruments.openai_streamed] and of the completions of old", () =>
  recorded((it) =>
    openAi(it, async (ai, plain) => {
      const ask = { ...COMPLETION, stream: true as const, stream_options: { include_usage: true } };
      const several = { ...COMPLETION, prompt: ["hi", "again"], stream: true as const };
      for (const one of [ask, several]) {
        assert.deepEqual(await all(await ai.completions.create(one)), await all(await plain.completions.create(one)));
      }
      const { "ai.response": responses = [] } = await it.told(4);
      assert.deepEqual(
        responses.map(({ response }) => [response?.output, response?.finish_reason, response?.usage]),
        [
          ["Hello there.", "stop", { input_tokens: 11, output_tokens: 7 }],
          [["Hello there.", "Hello there."], "stop", undefined],
        ],
      );
    }),
  ));

test("[instruments.openai_streamed] the whole answer, its usage; the caller sees every chunk", () =>
  recorded((it) =>
    openAi(it, async (ai, plain) => {
      const ask = { ...CHAT, stream: true as const, stream_options: { include_usage: true } };
      const seen = await all(await ai.chat.completions.create(ask));
      assert.deepEqual(seen, await all(await plain.chat.completions.create(ask)));
      assert.equal(await ai.chat.completions.stream(CHAT).finalContent(), "Hello there.");
      const events = await all(await ai.responses.create({ model: "gpt-4o", input: "hi", stream: true }));
      assert.equal(events.length, 3);
      const told = await it.told(7);
      const [chat, , responses] = told["ai.response"] ?? [];
      assert.deepEqual(chat?.response?.output, { role: "assistant", content: "Hello there." });
      assert.deepEqual(chat?.response?.usage, { input_tokens: 11, output_tokens: 7 });
      assert.equal(chat?.response?.finish_reason, "stop");
      assert.deepEqual(responses?.response?.usage, { input_tokens: 11, output_tokens: 7 });
    }),
  ));

test("[instruments.openai_streamed] a stream that its reader leaves is recorded as far as it came", () =>
  recorded((it) =>
    openAi(it, async (ai) => {
      for await (const chunk of await ai.chat.completions.create({ ...CHAT, stream: true })) {
        if (chunk.choices[0]?.delta.content === "Hello") break;
      }
      const told = await it.told(2);
      assert.deepEqual(told["ai.response"]?.[0]?.response?.output, { role: "assistant", content: "Hello" });
    }),
  ));

test("[instruments.anthropic] query, response and usage", () =>
  recorded((it) =>
    anthropic(it, async (ai, plain) => {
      const ask = { ...MESSAGE, system: "Be short." };
      assert.deepEqual(await ai.messages.create(ask), await plain.messages.create(ask));
      const told = await it.told(2);
      const query = told["ai.query"]?.[0];
      const response = told["ai.response"]?.[0];
      assert.deepEqual(query?.query, {
        model: MESSAGE.model,
        messages: [{ role: "system", content: "Be short." }, ...MESSAGE.messages],
        parameters: { max_tokens: 64 },
      });
      assert.deepEqual(response?.response?.output, [{ type: "text", text: "Let me see." }]);
      assert.deepEqual(response?.response?.usage, { input_tokens: 11, output_tokens: 7 });
      assert.equal(response?.response?.finish_reason, "end_turn");
    }),
  ));

test("[instruments.openai] [instruments.anthropic] what opens a model's servers is not recorded", async () => {
  const tool = { type: "mcp", server_label: "s", server_url: "https://s.example" } as const;
  const server = { type: "url", name: "s", url: "https://s.example" } as const;
  await recorded((it) =>
    openAi(it, async (ai) => {
      const tools = [{ ...tool, authorization: "sekret", headers: { "x-key": "sekret" } }];
      await ai.responses.create({ model: "gpt-4o", input: "hi", tools });
      const told = await it.told(3);
      assert.deepEqual(told["ai.query"]?.[0]?.query?.parameters, { tools: [tool] });
    }),
  );
  await recorded((it) =>
    anthropic(it, async (ai) => {
      await ai.beta.messages.create({ ...MESSAGE, mcp_servers: [{ ...server, authorization_token: "sekret" }] });
      const told = await it.told(2);
      assert.deepEqual(told["ai.query"]?.[0]?.query?.parameters, { max_tokens: 64, mcp_servers: [server] });
    }),
  );
});

test("[instruments.anthropic_streamed] the whole answer, its usage; the caller sees every event", () =>
  recorded((it) =>
    anthropic(it, async (ai, plain) => {
      const ask = { ...MESSAGE, stream: true as const };
      assert.deepEqual(await all(await ai.messages.create(ask)), await all(await plain.messages.create(ask)));
      assert.equal(await ai.messages.stream(MESSAGE).finalText(), "Let me see.");
      const told = await it.told(4);
      for (const response of told["ai.response"] ?? []) {
        assert.deepEqual(response.response?.output, [{ type: "text", text: "Let me see." }]);
        assert.deepEqual(response.response?.usage, { input_tokens: 11, output_tokens: 7 });
      }
    }),
  ));

test("[instruments.openai_streamed] [instruments.anthropic_streamed] what came of a stream that breaks, or that its reader leaves", () =>
  recorded(async (it) => {
    const messages = [{ role: "user" as const, content: "please break" }];
    await openAi(it, async (ai) => {
      await assert.rejects(async () => all(await ai.chat.completions.create({ ...CHAT, messages, stream: true })));
      for await (const _ of await ai.chat.completions.create({ ...CHAT, stream: true })) break;
      const ask = { model: "gpt-4o", input: "please break", stream: true as const };
      await assert.rejects(async () => all(await ai.responses.create(ask)));
    });
    await anthropic(it, async (ai) => {
      await assert.rejects(async () => all(await ai.messages.create({ ...MESSAGE, messages, stream: true })));
    });
    const told = await it.told(11);
    assert.equal(told["ai.error"]?.length, 3);
    assert.deepEqual(
      told["ai.response"]?.map(({ response }) => [response?.finish_reason, response?.output]),
      [
        ["cut", { role: "assistant", content: "Hello" }],
        ["cut", { role: "assistant", content: "" }],
        ["cut", [{ type: "message", content: [{ type: "output_text", text: "Hello there." }] }]],
        ["cut", [{ type: "text", text: "Let me" }]],
      ],
    );
    assert.deepEqual(told["ai.error"]?.[0]?.metadata.labels, told["ai.response"]?.[0]?.metadata.labels);
  }));

test("[instruments.tool_calls] name and input of each, streamed or not, with each client", () =>
  recorded(async (it) => {
    await openAi(it, async (ai) => {
      await ai.chat.completions.create(WEATHER);
      await all(await ai.chat.completions.create({ ...WEATHER, stream: true }));
      await ai.responses.create({ model: "gpt-4o", input: "hi" });
    });
    await anthropic(it, async (ai) => {
      await ai.messages.create(ANTHROPIC_WEATHER);
      await all(await ai.messages.create({ ...ANTHROPIC_WEATHER, stream: true }));
    });
    const told = await it.told(15);
    assert.equal(told["ai.action"]?.length, 5);
    for (const { action, metadata } of told["ai.action"] ?? []) {
      assert.deepEqual([action?.function, action?.input], ["get_weather", { city: "Tokyo" }]);
      assert.match(metadata.labels?.["tool_call"] ?? "", /^(call_1|toolu_1)$/);
    }
  }));

test("[instruments.tool_calls] tools whose input is text of their own kind", () =>
  recorded((it) =>
    openAi(it, async (ai) => {
      const tools = [{ type: "custom" as const, custom: { name: "grep" } }];
      const ask = { model: "gpt-4o", messages: [{ role: "user" as const, content: "the needle?" }], tools };
      await ai.chat.completions.create(ask);
      await all(await ai.chat.completions.create({ ...ask, stream: true }));
      const told = await it.told(6);
      assert.deepEqual(
        told["ai.action"]?.map(({ action }) => [action?.function, action?.input]),
        [
          ["grep", "needle.*"],
          ["grep", "needle.*"],
        ],
      );
    }),
  ));

const WEATHER_TOOL = tool({
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `sunny in ${city}`,
});

test("[instruments.framework] the Vercel AI SDK: queries, responses, streamed too, and tool calls", () =>
  recorded(async (it) => {
    const server = await Provider.openAi();
    const provider = createOpenAI({ baseURL: `${server.url}/v1`, apiKey: "none" });
    assert.equal(typeof aiOpenAi, "function");
    const model = wrapLanguageModel({ model: provider.chat("gpt-4o"), middleware: recording({ recorder: it.one }) });
    assert.equal((await generateText({ model, prompt: "hi", maxRetries: 0 })).text, "Hello there.");
    const streamed = streamText({ model, prompt: "hi", maxRetries: 0 });
    assert.deepEqual(await all(streamed.textStream), ["Hello", " there."]);
    const answer = await generateText({
      model,
      prompt: "the weather?",
      tools: { get_weather: WEATHER_TOOL },
      maxRetries: 0,
    });
    assert.equal(answer.toolResults[0]?.output, "sunny in Tokyo");
    await assert.rejects(generateText({ model, prompt: "please fail", maxRetries: 0 }));
    const told = await it.told(9);
    assert.equal(told["ai.query"]?.length, 4);
    assert.equal(told["ai.response"]?.length, 3);
    for (const { response } of told["ai.response"] ?? [])
      assert.deepEqual(response?.usage, { input_tokens: 11, output_tokens: 7 });
    assert.deepEqual(told["ai.response"]?.[1]?.response?.output, [{ type: "text", text: "Hello there." }]);
    assert.deepEqual(
      [told["ai.action"]?.[0]?.action?.function, told["ai.action"]?.[0]?.action?.input],
      ["get_weather", { city: "Tokyo" }],
    );
    assert.equal(told["ai.error"]?.length, 1);
    await server.close();
  }));

/** A recorder of which nothing works but this. */
function brokenBut(...works: string[]): Recorder {
  const get = (_: object, name: string | symbol) => (): void => {
    if (!works.includes(String(name))) throw new Error("a recorder that is broken");
  };
  return new Proxy({}, { get }) as Recorder;
}

test("[instruments.framework] [instruments.tool_calls] a tool call that comes streamed through the Vercel AI SDK", () =>
  recorded(async (it) => {
    const server = await Provider.openAi();
    const provider = createOpenAI({ baseURL: `${server.url}/v1`, apiKey: "none" });
    const model = wrapLanguageModel({ model: provider.chat("gpt-4o"), middleware: recording({ recorder: it.one }) });
    const streamed = streamText({ model, prompt: "the weather?", tools: { get_weather: WEATHER_TOOL }, maxRetries: 0 });
    const parts = await all(streamed.fullStream);
    assert.ok(
      parts.some(({ type }) => type === "tool-input-delta"),
      "it came in pieces",
    );
    assert.equal((await streamed.toolResults)[0]?.output, "sunny in Tokyo");
    const told = await it.told(3);
    const [response] = told["ai.response"] ?? [];
    assert.deepEqual(response?.response?.usage, { input_tokens: 11, output_tokens: 7 });
    assert.equal(response?.response?.finish_reason, "tool-calls");
    const [action] = told["ai.action"] ?? [];
    assert.deepEqual([action?.action?.function, action?.action?.input], ["get_weather", { city: "Tokyo" }]);
    const { call, tool_call } = action?.metadata.labels ?? {};
    assert.deepEqual([tool_call, call], ["call_1", response?.metadata.labels?.["call"]]);
    await server.close();
  }));

test("[record.wrap] a recorder that is broken is not noticed by a function that is wrapped", async () => {
  const broken = brokenBut();
  const fault = new Error("its own");
  const fail = (): never => {
    throw fault;
  };
  assert.equal(wrap(broken, (n: number) => n + 1)(1), 2);
  assert.equal(await wrap(broken, async (n: number) => n + 1)(1), 2);
  assert.deepEqual(
    [
      ...wrap(broken, function* () {
        yield 7;
      })(),
    ],
    [7],
  );
  assert.throws(wrap(broken, fail), (error) => error === fault);
  await assert.rejects(
    wrap(broken, async () => fail()),
    (error) => error === fault,
  );
});

test("[instruments.transparent] a recorder that is broken is not noticed by the Vercel AI SDK", async () => {
  const server = await Provider.openAi();
  const plain = createOpenAI({ baseURL: `${server.url}/v1`, apiKey: "none" }).chat("gpt-4o");
  const watched = [brokenBut(), brokenBut("query")].map((one) =>
    wrapLanguageModel({ model: plain, middleware: recording({ recorder: one }) }),
  );
  const tools = { get_weather: WEATHER_TOOL };
  const seen: unknown[] = [];
  for (const model of [plain, ...watched]) {
    const onError = (): void => undefined; // the AI SDK would write it to the console
    const given = async (prompt: string): Promise<unknown[]> => {
      const streamed = streamText({ model, prompt, tools, maxRetries: 0, onError });
      const types: unknown[] = (await all(streamed.fullStream)).map(({ type }) => type);
      return [types, await streamed.text, await streamed.toolResults.then(([result]) => result?.output)];
    };
    const { text, usage } = await generateText({ model, prompt: "hi", maxRetries: 0 });
    const { toolResults } = await generateText({ model, prompt: "the weather?", tools, maxRetries: 0 });
    const fault = await generateText({ model, prompt: "please fail", maxRetries: 0 }).catch((error: Error) => error);
    assert.ok(fault instanceof Error);
    const failing = streamText({ model, prompt: "please fail", maxRetries: 0, onError });
    const types = (await all(failing.fullStream)).map(({ type }) => type);
    assert.ok(types.includes("error"));
    const answers = [await given("hi"), await given("the weather?")];
    seen.push([text, usage, toolResults[0]?.output, fault.name, fault.message, types, answers]);
  }
  assert.equal(seen.length, 3);
  const asked = server.asked.length / seen.length;
  for (const [index, told] of seen.entries()) {
    assert.deepEqual(told, seen[0]);
    assert.deepEqual(server.asked.slice(index * asked, (index + 1) * asked), server.asked.slice(0, asked));
  }
  await server.close();
});

test("[instruments.transparent] same results, same errors, and a recorder that is broken is not noticed", async () => {
  await recorded(async (it) => {
    for (const one of [it.one, brokenBut()]) {
      await openAi({ ...it, one }, async (ai, plain) => {
        const failing = { ...CHAT, messages: [{ role: "user" as const, content: "please fail" }] };
        const fault = await ai.chat.completions.create(failing).then(
          () => undefined,
          (error: unknown) => error,
        );
        assert.ok(fault instanceof OpenAI.RateLimitError);
        assert.equal(fault.status, 429);
        const { data, response, request_id: id } = await ai.chat.completions.create(CHAT).withResponse();
        assert.deepEqual([data.choices[0]?.message.content, response.status, id], ["Hello there.", 200, "req-1"]);
        const raw = await ai.chat.completions.create(CHAT).asResponse();
        assert.equal(((await raw.json()) as { id: string }).id, "chatcmpl-1", "the body is the caller's to read");
        const create = ai.chat.completions.create;
        instrumentOpenAi(ai, { recorder: one });
        assert.equal(ai.chat.completions.create, create, "twice is once");
        assert.deepEqual(
          Object.keys(await ai.chat.completions.create(CHAT)),
          Object.keys(await plain.chat.completions.create(CHAT)),
        );
        const [left, right] = (await ai.chat.completions.create({ ...CHAT, stream: true })).tee();
        assert.deepEqual(await all(left), await all(right));
      });
      await anthropic({ ...it, one }, async (ai) => {
        const failing = { ...MESSAGE, messages: [{ role: "user" as const, content: "please fail" }] };
        await assert.rejects(
          ai.messages.create(failing),
          (error) => error instanceof Anthropic.BadRequestError && error.status === 400,
        );
        assert.equal((await ai.messages.create(MESSAGE).withResponse()).data.id, "msg_1");
      });
    }
    const told = await it.told(13); // of the raw response only the query is known
    assert.deepEqual(
      told["ai.error"]?.map(({ error }) => [error?.code, error?.recoverable]),
      [
        ["rate_limit_exceeded", true],
        ["invalid_request_error", false],
      ],
    );
  });
});

test("[instruments.transparent] what is missing in the environment is said when a client is instrumented", () => {
  const { GAPIN_API_KEY: key } = process.env;
  delete process.env["GAPIN_API_KEY"];
  try {
    for (const instrument of [instrumentOpenAi, instrumentAnthropic]) {
      assert.throws(() => instrument({}), { code: "configuration", message: /GAPIN_API_KEY/ });
    }
    assert.throws(() => recording(), { code: "configuration" });
  } finally {
    process.env["GAPIN_API_KEY"] = key;
  }
});
