/**
 * OpenAI's client, recording itself: `instrument(new OpenAI())`. Chat completions, responses and the completions of old,
 * streamed too, with the tools that the model asks for. The client does what it did: same results, same errors.
 */

import type { Query } from "../event/types.js";
import {
  type Answered,
  begin,
  type InstrumentOptions,
  type ModelCall,
  parsedArguments,
  type ResolvedOptions,
  resolved,
  type ToolCall,
  usageOf,
} from "./call.js";
import { type Follower, follow } from "./follow.js";
import { around } from "./patch.js";

export type { InstrumentOptions } from "./call.js";

type Fields = Record<string, unknown>;

interface OpenAiClient {
  readonly chat?: { readonly completions?: unknown };
  readonly responses?: unknown;
  readonly completions?: unknown;
}

/** The same client. Instrumenting it twice is instrumenting it once. */
export function instrument<C extends object>(client: C, options: InstrumentOptions = {}): C {
  const { chat, responses, completions } = client as OpenAiClient;
  const known = resolved(options);
  around(
    chat?.completions,
    "create",
    followBy(known, chatQuery, (call) => new ChatFollower(call)),
  );
  around(
    responses,
    "create",
    followBy(known, responsesQuery, (call) => new ResponsesFollower(call)),
  );
  around(
    completions,
    "create",
    followBy(known, completionsQuery, (call) => new CompletionsFollower(call)),
  );
  around(client, "withOptions", (run, args) => instrument(run(...args) as object, known));
  return client;
}

function followBy(
  options: ResolvedOptions,
  query: (body: Fields) => Query,
  follower: (call: ModelCall) => Follower,
): Parameters<typeof around>[2] {
  return (run, args) => {
    const call = begin(options, "openai", () => {
      const body = args[0] as Fields;
      return { model: String(body["model"]), query: query(body) };
    });
    if (call === undefined) return run(...args);
    try {
      return follow(run(...args), follower(call));
    } catch (error) {
      call.failed(error);
      throw error;
    }
  };
}

function chatQuery({ messages, model: _, ...parameters }: Fields): Query {
  return { messages: messages as unknown[], parameters };
}

function responsesQuery({ input, model: _, ...parameters }: Fields): Query {
  return typeof input === "string"
    ? { prompt: input, parameters }
    : { messages: (input ?? []) as unknown[], parameters };
}

/** Of one prompt, or of several, which may be lists of tokens. */
function completionsQuery({ prompt, model: _, ...parameters }: Fields): Query {
  return typeof prompt === "string" ? { prompt, parameters } : { messages: [prompt], parameters };
}

interface CompletionsAnswer {
  model?: string;
  choices?: { index: number; text?: string; finish_reason?: string | null }[];
  usage?: ChatAnswer["usage"];
}

class CompletionsFollower implements Follower {
  private readonly texts: string[] = [];
  private newest: CompletionsAnswer = {};
  private reason: string | undefined;

  constructor(private readonly call: ModelCall) {}

  result(value: unknown): void {
    this.call.answered(() => {
      const { choices = [], ...answer } = value as CompletionsAnswer;
      return completionsAnswer(
        choices.map(({ text = "" }) => text),
        choices[0]?.finish_reason ?? undefined,
        answer,
      );
    });
  }

  piece(value: unknown): void {
    const { model, usage, choices = [] } = value as CompletionsAnswer;
    this.newest = { ...this.newest, ...(model && { model }), ...(usage && { usage }) };
    for (const { index, text = "", finish_reason: reason } of choices) {
      this.texts[index] = (this.texts[index] ?? "") + text;
      this.reason = reason ?? this.reason;
    }
  }

  end(isWhole: boolean): void {
    this.call.answered(() => this.answer(), isWhole);
  }

  failed(error: unknown): void {
    this.call.failed(error, () => (this.texts.length === 0 ? undefined : this.answer()));
  }

  private answer(): Answered {
    return completionsAnswer(this.texts, this.reason, this.newest);
  }
}

function completionsAnswer(
  texts: readonly string[],
  finishReason: string | undefined,
  { model, usage }: CompletionsAnswer,
): Answered {
  const output = texts.length === 1 ? texts[0] : texts;
  return { output, model, finishReason, usage: usageOf(usage?.prompt_tokens, usage?.completion_tokens) };
}

interface ChatMessage {
  role?: string;
  content?: string | null;
  refusal?: string | null;
  tool_calls?: ChatToolCall[];
}

interface ChatToolCall {
  index?: number;
  id?: string;
  type?: string;
  function?: { name?: string; arguments?: string };
  /** A tool whose input is text of its own kind. */
  custom?: { name?: string; input?: string };
}

interface ChatChoice {
  index: number;
  message: ChatMessage;
  finish_reason?: string | null;
}

interface ChatAnswer {
  model?: string;
  choices: ChatChoice[];
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
}

class ChatFollower implements Follower {
  private readonly whole: ChatAnswer = { choices: [] };

  constructor(private readonly call: ModelCall) {}

  result(value: unknown): void {
    this.call.answered(() => chatAnswer(value as ChatAnswer));
  }

  piece(value: unknown): void {
    const { model, choices, usage } = value as ChatAnswer & { choices?: (ChatChoice & { delta?: ChatMessage })[] };
    if (model !== undefined) this.whole.model = model;
    if (usage) this.whole.usage = usage;
    for (const { index, delta, finish_reason: reason } of choices ?? []) {
      this.whole.choices[index] ??= { index, message: {} };
      const choice = this.whole.choices[index];
      if (reason) choice.finish_reason = reason;
      if (delta !== undefined) add(choice.message, delta);
    }
  }

  end(isWhole: boolean): void {
    this.call.answered(() => this.answer(), isWhole);
  }

  failed(error: unknown): void {
    this.call.failed(error, () => (this.whole.choices.length === 0 ? undefined : this.answer()));
  }

  private answer(): Answered {
    return chatAnswer(this.whole);
  }
}

/** What a piece adds to the message. */
function add(message: ChatMessage, delta: ChatMessage): void {
  if (delta.role) message.role = delta.role;
  if (delta.content != null) message.content = (message.content ?? "") + delta.content;
  if (delta.refusal != null) message.refusal = (message.refusal ?? "") + delta.refusal;
  for (const { index = 0, id, type, function: called, custom } of delta.tool_calls ?? []) {
    message.tool_calls ??= [];
    message.tool_calls[index] ??= {};
    const tool = message.tool_calls[index];
    if (id) tool.id = id;
    if (type) tool.type = type;
    if (custom !== undefined) {
      const { name = "", input = "" } = tool.custom ?? {};
      tool.custom = { name: name + (custom.name ?? ""), input: input + (custom.input ?? "") };
    } else {
      const { name = "", arguments: given = "" } = tool.function ?? {};
      tool.function = { name: name + (called?.name ?? ""), arguments: given + (called?.arguments ?? "") };
    }
  }
}

function chatAnswer({ model, choices, usage }: ChatAnswer): Answered {
  const messages = choices.filter(Boolean).map(({ message }) => message);
  return {
    output: messages.length === 1 ? messages[0] : messages,
    model,
    finishReason: choices.find(Boolean)?.finish_reason ?? undefined,
    usage: usageOf(usage?.prompt_tokens, usage?.completion_tokens),
    toolCalls: messages
      .flatMap(({ tool_calls: tools }) => (tools ?? []).filter(Boolean))
      .map(
        ({ id, function: called, custom }): ToolCall => ({
          id,
          name: called?.name ?? custom?.name ?? "unknown",
          input: custom === undefined ? parsedArguments(called?.arguments) : custom.input,
        }),
      ),
  };
}

interface ResponsesItem {
  type?: string;
  name?: string;
  arguments?: unknown;
  input?: unknown;
  call_id?: string;
  content?: { type?: string; text?: string }[];
}

/** An event of a streamed response, of whatever type. */
interface ResponsesEvent {
  type?: string;
  response?: ResponsesAnswer;
  output_index?: number;
  item?: ResponsesItem;
  delta?: string;
}

interface ResponsesAnswer {
  model?: string;
  status?: string;
  output?: ResponsesItem[];
  usage?: { input_tokens?: number; output_tokens?: number } | null;
  incomplete_details?: { reason?: string } | null;
}

class ResponsesFollower implements Follower {
  /** The newest state of the response that an event told. */
  private newest: ResponsesAnswer = {};
  private readonly items: ResponsesItem[] = [];

  constructor(private readonly call: ModelCall) {}

  result(value: unknown): void {
    this.call.answered(() => responsesAnswer(value as ResponsesAnswer));
  }

  piece(value: unknown): void {
    const { type, response, output_index: index = 0, item, delta } = value as ResponsesEvent;
    if (item !== undefined) this.items[index] = item;
    if (type === "response.output_text.delta") this.items[index] = longer(this.items[index], delta ?? "");
    if (response === undefined) return;
    this.newest = response;
    // The last event there is: a reader need not wait for the end of the stream.
    if (type === "response.completed" || type === "response.incomplete" || type === "response.failed") this.end(true);
  }

  end(isWhole: boolean): void {
    this.call.answered(() => this.answer(), isWhole);
  }

  failed(error: unknown): void {
    this.call.failed(error, () => (this.items.length === 0 ? undefined : this.answer()));
  }

  /** Until its last event a response says nothing of its output: what came of it are the items. */
  private answer(): Answered {
    const { output = [] } = this.newest;
    return responsesAnswer({ ...this.newest, output: output.length > 0 ? output : this.items.filter(Boolean) });
  }
}

/** A message with more of its text. */
function longer(item: ResponsesItem | undefined, delta: string): ResponsesItem {
  const text = (item?.content?.[0]?.text ?? "") + delta;
  return { type: "message", ...item, content: [{ type: "output_text", text }] };
}

function responsesAnswer({ model, status, output, usage, incomplete_details: incomplete }: ResponsesAnswer): Answered {
  const tools = (output ?? []).filter(({ type }) => type === "function_call" || type === "custom_tool_call");
  return {
    output: output ?? [],
    model,
    finishReason: incomplete?.reason ?? (status === "in_progress" ? undefined : status),
    usage: usageOf(usage?.input_tokens, usage?.output_tokens),
    toolCalls: tools.map(({ type, name = "unknown", arguments: args, input, call_id: id }) => ({
      id,
      name,
      input: type === "function_call" ? parsedArguments(args) : input,
    })),
  };
}
