/**
 * Anthropic's client, recording itself: `instrument(new Anthropic())`. Messages, streamed too, with the tools that the
 * model asks for. The client does what it did: same results, same errors.
 */

import {
  type Answered,
  begin,
  type InstrumentOptions,
  type ModelCall,
  parsedArguments,
  resolved,
  type ToolCall,
  usageOf,
} from "./call.js";
import { type Follower, follow } from "./follow.js";
import { around } from "./patch.js";

export type { InstrumentOptions } from "./call.js";

type Fields = Record<string, unknown>;

/** The same client. Instrumenting it twice is instrumenting it once. */
export function instrument<C extends object>(client: C, options: InstrumentOptions = {}): C {
  const { messages, beta } = client as { messages?: unknown; beta?: { messages?: unknown } };
  const known = resolved(options);
  for (const resource of [messages, beta?.messages]) {
    around(resource, "create", (run, args) => {
      const call = begin(known, "anthropic", () => {
        const { model, messages: asked, system, ...parameters } = args[0] as Fields;
        // A system prompt stands before the messages, as one of them.
        const messages = system ? [{ role: "system", content: system }, ...(asked as unknown[])] : (asked as unknown[]);
        return { model: String(model), query: { messages, parameters } };
      });
      if (call === undefined) return run(...args);
      try {
        return follow(run(...args), new MessageFollower(call));
      } catch (error) {
        call.failed(error);
        throw error;
      }
    });
  }
  around(client, "withOptions", (run, args) => instrument(run(...args) as object, known));
  return client;
}

interface Block {
  type?: string;
  text?: string;
  thinking?: string;
  id?: string;
  name?: string;
  input?: unknown;
}

interface Message {
  model?: string;
  content: Block[];
  stop_reason?: string | null;
  usage?: { input_tokens?: number | null; output_tokens?: number | null };
}

/** An event of a streamed message, of whatever type. */
interface StreamEvent {
  type?: string;
  index?: number;
  message?: Message;
  content_block?: Block;
  delta?: { type?: string; text?: string; thinking?: string; partial_json?: string; stop_reason?: string | null };
  usage?: Message["usage"];
}

class MessageFollower implements Follower {
  private readonly whole: Message = { content: [] };
  /** The input of a tool comes as pieces of its JSON. */
  private readonly inputs = new Map<number, string>();

  constructor(private readonly call: ModelCall) {}

  result(value: unknown): void {
    this.call.answered(() => answerOf(value as Message));
  }

  piece(value: unknown): void {
    const { type, index = 0, message, content_block: block, delta, usage } = value as StreamEvent;
    if (message !== undefined) Object.assign(this.whole, message, { content: [] });
    if (block !== undefined) this.whole.content[index] = { ...block };
    if (delta !== undefined) this.add(index, delta);
    if (usage !== undefined) this.whole.usage = { ...this.whole.usage, ...usage };
    if (type === "message_stop") this.end(true);
  }

  end(isWhole: boolean): void {
    this.call.answered(() => this.answer(), isWhole);
  }

  failed(error: unknown): void {
    this.call.failed(error, () => (this.whole.content.length === 0 ? undefined : this.answer()));
  }

  private answer(): Answered {
    for (const [index, json] of this.inputs) {
      const block = this.whole.content[index];
      if (block !== undefined) block.input = parsedArguments(json);
    }
    return answerOf({ ...this.whole, content: this.whole.content.filter(Boolean) });
  }

  private add(index: number, delta: NonNullable<StreamEvent["delta"]>): void {
    if (delta.stop_reason !== undefined) this.whole.stop_reason = delta.stop_reason;
    if (delta.partial_json !== undefined) {
      this.inputs.set(index, (this.inputs.get(index) ?? "") + delta.partial_json);
      return;
    }
    const block = this.whole.content[index];
    if (block === undefined) return;
    if (delta.text !== undefined) block.text = (block.text ?? "") + delta.text;
    if (delta.thinking !== undefined) block.thinking = (block.thinking ?? "") + delta.thinking;
  }
}

function answerOf({ model, content, stop_reason: reason, usage }: Message): Answered {
  const tools = content.filter(({ type }) => type === "tool_use");
  return {
    output: content,
    model,
    finishReason: reason ?? undefined,
    usage: usageOf(usage?.input_tokens, usage?.output_tokens),
    toolCalls: tools.map(({ id, name = "unknown", input }): ToolCall => ({ id, name, input: input ?? {} })),
  };
}
