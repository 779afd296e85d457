/**
 * For who has no OPENAI_API_KEY: a server on this machine that speaks `POST /v1/chat/completions` as OpenAI's reference
 * gives it, streamed. What it says comes from a script, not from a model.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

import { z } from "zod";

export interface Provider {
  readonly baseURL: string;
  readonly apiKey: string;
}

const PIECE_WAIT_MS = 40;
const Asked = z.object({ model: z.string(), stream: z.literal(true), messages: z.array(z.unknown()).min(1) });
type Asked = z.infer<typeof Asked>;

const shared = globalThis as { chatProvider?: Promise<Provider> };

/** Started when it is first needed, and then the same for all. */
export function localProvider(): Promise<Provider> {
  shared.chatProvider ??= start();
  return shared.chatProvider;
}

async function start(): Promise<Provider> {
  const apiKey = `local-${randomBytes(24).toString("base64url")}`;
  const server = createServer((request, response) => {
    answer(request, response, apiKey).catch(() => response.destroy());
  });
  server.unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, apiKey };
}

async function answer(request: IncomingMessage, response: ServerResponse, apiKey: string): Promise<void> {
  if (request.headers.authorization !== `Bearer ${apiKey}`) {
    refuse(response, 401, "invalid_api_key", "Incorrect API key provided.");
    return;
  }
  if (request.url !== "/v1/chat/completions") {
    refuse(response, 404, "unknown_url", "There is no such URL.");
    return;
  }
  const body: Buffer[] = [];
  for await (const piece of request) body.push(piece as Buffer);
  const asked = Asked.safeParse(JSON.parse(Buffer.concat(body).toString("utf8")));
  if (!asked.success) {
    refuse(response, 400, "invalid_value", "This provider streams chat completions, and nothing else.");
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const chunk of chunks(asked.data)) {
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    await wait(PIECE_WAIT_MS);
  }
  response.end("data: [DONE]\n\n");
}

function* chunks(asked: Asked): Generator<object> {
  const turns = asked.messages.filter((message) => (message as { role?: unknown }).role === "user").length;
  const said =
    `This is answer ${turns} of a script: there is no OPENAI_API_KEY, so no model was asked. ` +
    "What you wrote came here over HTTP all the same, and the recorder on the server saw it pass, signed it and sent it.";
  const head = {
    id: `chatcmpl-${randomBytes(8).toString("hex")}`,
    object: "chat.completion.chunk",
    created: Math.floor(Date.now() / 1000),
    model: asked.model,
  };
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
  const pieces = said.match(/\S+\s*/g) ?? [];
  yield chunk({ role: "assistant", content: "" }, null);
  for (const content of pieces) yield chunk({ content }, null);
  yield chunk({}, "stop");
  const usage = { prompt_tokens: JSON.stringify(asked.messages).length >> 2, completion_tokens: pieces.length };
  yield { ...head, choices: [], usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens } };
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code } }));
}
