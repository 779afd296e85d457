/** Servers that speak the APIs of providers as their documentation gives them: what they answer is in the question. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Fields = Record<string, unknown>;

export class Provider {
  /** What was asked, body by body. */
  readonly asked: Fields[] = [];
  readonly #server: Server;

  private constructor(answer: (path: string, body: Fields, response: ServerResponse) => void) {
    this.#server = createServer((incoming, response) => void this.#serve(incoming, response, answer));
  }

  static async openAi(): Promise<Provider> {
    return new Provider(openAi).#listening();
  }

  static async anthropic(): Promise<Provider> {
    return new Provider(anthropic).#listening();
  }

  async #listening(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(
    incoming: IncomingMessage,
    response: ServerResponse,
    answer: (path: string, body: Fields, response: ServerResponse) => void,
  ): Promise<void> {
    let text = "";
    for await (const chunk of incoming) text += String(chunk);
    const body = JSON.parse(text || "{}") as Fields;
    this.asked.push(body);
    answer(incoming.url ?? "", body, response);
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req-1", "request-id": "req-1" });
  response.end(JSON.stringify(body));
}

/** All of them, or only so many, and then the connection breaks. */
function events(response: ServerResponse, list: readonly { event?: string; data: unknown }[], breaksAfter = 0): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const texts = list.map(
    ({ event, data }) =>
      `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`,
  );
  if (breaksAfter === 0) response.end(texts.join(""));
  else response.write(texts.slice(0, breaksAfter).join(""), () => response.destroy());
}

const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

function openAi(path: string, body: Fields, response: ServerResponse): void {
  const question = JSON.stringify(body["messages"] ?? body["input"] ?? body["prompt"]);
  if (question.includes("please fail")) {
    return json(response, 429, {
      error: { message: "Too fast.", type: "rate_limit_error", code: "rate_limit_exceeded", param: null },
    });
  }
  if (path.endsWith("/responses")) return openAiResponses(body, response);
  if (!path.endsWith("/chat/completions")) return openAiCompletions(body, response);
  const isCustom = question.includes("needle");
  const wantsTool = isCustom || (question.includes("weather") && !question.includes('"tool"'));
  const head = { id: "chatcmpl-1", created: 1_700_000_000, model: "gpt-4o-2024-08-06" };
  const call = isCustom
    ? { id: "call_1", type: "custom", custom: { name: "grep", input: "needle.*" } }
    : { id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"city":"Tokyo"}' } };
  if (body["stream"] !== true) {
    const message = wantsTool
      ? { role: "assistant", content: null, refusal: null, tool_calls: [call] }
      : { role: "assistant", content: "Hello there.", refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: wantsTool ? "tool_calls" : "stop" }];
    return json(response, 200, { ...head, object: "chat.completion", choices, usage: USAGE });
  }
  const begun = { index: 0, id: "call_1", type: "function", function: { name: "get_weather", arguments: "" } };
  const begunCustom = { index: 0, id: "call_1", type: "custom", custom: { name: "grep", input: "" } };
  const pieces = isCustom
    ? ["needle", ".*"].map((input) => ({ index: 0, custom: { input } }))
    : ['{"city":', '"Tokyo"}'].map((part) => ({ index: 0, function: { arguments: part } }));
  const deltas: Fields[] = wantsTool
    ? [
        { role: "assistant", content: null, tool_calls: [isCustom ? begunCustom : begun] },
        ...pieces.map((piece) => ({ tool_calls: [piece] })),
      ]
    : [{ role: "assistant", content: "" }, { content: "Hello" }, { content: " there." }];
  const chunk = (delta: Fields, finish_reason: string | null): unknown => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
  const chunks = [...deltas.map((delta) => chunk(delta, null)), chunk({}, wantsTool ? "tool_calls" : "stop")];
  const { include_usage: isUsageWanted } = (body["stream_options"] ?? {}) as { include_usage?: boolean };
  if (isUsageWanted === true) chunks.push({ ...head, object: "chat.completion.chunk", choices: [], usage: USAGE });
  return events(
    response,
    [...chunks, "[DONE]"].map((data) => ({ data })),
    question.includes("please break") ? 2 : 0,
  );
}

/** The completions of old: as many choices as prompts, whose pieces come in turn. */
function openAiCompletions(body: Fields, response: ServerResponse): void {
  const head = { id: "cmpl-1", object: "text_completion", created: 1_700_000_000, model: "gpt-3.5-turbo-instruct" };
  const prompts = Array.isArray(body["prompt"]) ? body["prompt"] : [body["prompt"]];
  const choice = (index: number, text: string, finish_reason: string | null): Fields => ({
    index,
    text,
    logprobs: null,
    finish_reason,
  });
  if (body["stream"] !== true) {
    const choices = prompts.map((_, index) => choice(index, "Hello there.", "stop"));
    return json(response, 200, { ...head, choices, usage: USAGE });
  }
  const pieces = ["Hello", " there.", ""].flatMap((text) =>
    prompts.map((_, index) => choice(index, text, text === "" ? "stop" : null)),
  );
  const chunks: Fields[] = pieces.map((piece) => ({ ...head, choices: [piece] }));
  const { include_usage: isUsageWanted } = (body["stream_options"] ?? {}) as { include_usage?: boolean };
  if (isUsageWanted === true) chunks.push({ ...head, choices: [], usage: USAGE });
  return events(
    response,
    [...chunks, "[DONE]"].map((data) => ({ data })),
  );
}

function openAiResponses(body: Fields, response: ServerResponse): void {
  const message = {
    type: "message",
    id: "msg_1",
    status: "completed",
    role: "assistant",
    content: [{ type: "output_text", text: "Hello there.", annotations: [] }],
  };
  const call = {
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "get_weather",
    arguments: '{"city":"Tokyo"}',
    status: "completed",
  };
  const usage = {
    input_tokens: 11,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 18,
  };
  const whole = {
    id: "resp_1",
    object: "response",
    created_at: 1_700_000_000,
    status: "completed",
    model: "gpt-4o-2024-08-06",
    output: [message, call],
    usage,
    error: null,
    incomplete_details: null,
  };
  if (body["stream"] !== true) return json(response, 200, whole);
  const list = [
    {
      type: "response.created",
      response: { ...whole, status: "in_progress", output: [], usage: null },
      sequence_number: 0,
    },
    {
      type: "response.output_text.delta",
      item_id: "msg_1",
      output_index: 0,
      content_index: 0,
      delta: "Hello there.",
      sequence_number: 1,
    },
    { type: "response.completed", response: whole, sequence_number: 2 },
  ];
  return events(
    response,
    list.map((data) => ({ event: data.type, data })),
    JSON.stringify(body["input"]).includes("please break") ? 2 : 0,
  );
}

function anthropic(_path: string, body: Fields, response: ServerResponse): void {
  const question = JSON.stringify(body["messages"]);
  if (question.includes("please fail")) {
    return json(response, 400, { type: "error", error: { type: "invalid_request_error", message: "Not like this." } });
  }
  const wantsTool = question.includes("weather");
  const head = { id: "msg_1", type: "message", role: "assistant", model: "claude-test-1" };
  const text = { type: "text", text: "Let me see." };
  const tool = { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Tokyo" } };
  const stop_reason = wantsTool ? "tool_use" : "end_turn";
  if (body["stream"] !== true) {
    const content = wantsTool ? [text, tool] : [text];
    return json(response, 200, {
      ...head,
      content,
      stop_reason,
      stop_sequence: null,
      usage: { input_tokens: 11, output_tokens: 7 },
    });
  }
  const list: Fields[] = [
    {
      type: "message_start",
      message: {
        ...head,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 11, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "ping" },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Let me" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: " see." } },
    { type: "content_block_stop", index: 0 },
  ];
  if (wantsTool) {
    list.push(
      {
        type: "content_block_start",
        index: 1,
        content_block: { type: "tool_use", id: "toolu_1", name: "get_weather", input: {} },
      },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"city":' } },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: ' "Tokyo"}' } },
      { type: "content_block_stop", index: 1 },
    );
  }
  list.push(
    { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 7 } },
    { type: "message_stop" },
  );
  return events(
    response,
    list.map((data) => ({ event: String(data["type"]), data })),
    question.includes("please break") ? 4 : 0,
  );
}
