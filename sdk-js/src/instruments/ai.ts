/**
 * The Vercel AI SDK's own hook: `wrapLanguageModel({ model, middleware: recording() })`. For its versions 5, 6 and 7.
 * Queries, responses (streamed too) and the tools that the model asks for.
 */

import type { Usage } from "../event/types.js";
import {
  type Answered,
  begin,
  type InstrumentOptions,
  type ModelCall,
  parsedArguments,
  quietly,
  type ResolvedOptions,
  resolved,
  usageOf,
} from "./call.js";

export type { InstrumentOptions } from "./call.js";

interface Model {
  readonly modelId?: string;
}

interface Part {
  readonly type?: string;
  readonly text?: string;
  readonly delta?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly input?: unknown;
  readonly error?: unknown;
  readonly modelId?: string;
  readonly finishReason?: unknown;
  readonly usage?: unknown;
}

interface Generated {
  readonly content?: readonly Part[];
  readonly finishReason?: unknown;
  readonly usage?: unknown;
  readonly response?: { readonly modelId?: string };
}

/** What a middleware may do, in the words of the AI SDK. */
export interface RecordingMiddleware {
  readonly specificationVersion: "v3";
  /** Around an answer that comes at once. */
  wrapGenerate<R>(call: { doGenerate: () => PromiseLike<R>; params: unknown; model: unknown }): Promise<R>;
  /** Around one that comes in pieces. */
  wrapStream<R>(call: { doStream: () => PromiseLike<R>; params: unknown; model: unknown }): Promise<R>;
}

/** A middleware that records, and changes nothing. */
export function recording(options: InstrumentOptions = {}): RecordingMiddleware {
  const known = resolved(options);
  return {
    specificationVersion: "v3",
    async wrapGenerate({ doGenerate, params, model }) {
      const call = beginOf(known, params, model);
      try {
        const result = await doGenerate();
        call?.answered(() => answerOf(result as Generated));
        return result;
      } catch (error) {
        call?.failed(error);
        throw error;
      }
    },
    async wrapStream({ doStream, params, model }) {
      const call = beginOf(known, params, model);
      try {
        const result = await doStream();
        if (call === undefined) return result;
        const { stream } = result as { stream: ReadableStream<Part> };
        return { ...result, stream: followed(stream, new Collector(call)) };
      } catch (error) {
        call?.failed(error);
        throw error;
      }
    },
  };
}

function beginOf(options: ResolvedOptions, params: unknown, model: unknown): ModelCall | undefined {
  return begin(options, "ai", () => {
    const { prompt, abortSignal: _, headers: __, ...parameters } = params as Record<string, unknown>;
    return {
      model: (model as Model).modelId ?? "unknown",
      query: { messages: prompt as unknown[], parameters },
    };
  });
}

/** Puts the parts of a stream together. */
class Collector {
  private text = "";
  private reasoning = "";
  private modelId: string | undefined;
  private readonly tools: Part[] = [];
  private last: Part = {};

  constructor(private readonly call: ModelCall) {}

  part(part: Part): void {
    if (part.type === "text-delta") this.text += part.delta ?? "";
    else if (part.type === "reasoning-delta") this.reasoning += part.delta ?? "";
    else if (part.type === "tool-call") this.tools.push(part);
    else if (part.type === "response-metadata") this.modelId = part.modelId ?? this.modelId;
    else if (part.type === "error") this.failed(part.error);
    else if (part.type === "finish") {
      this.last = part;
      this.end(true);
    }
  }

  end(isWhole: boolean): void {
    this.call.answered(() => this.answer(), isWhole);
  }

  failed(error: unknown): void {
    const isEmpty = this.text === "" && this.reasoning === "" && this.tools.length === 0;
    this.call.failed(error, () => (isEmpty ? undefined : this.answer()));
  }

  private answer(): Answered {
    const { finishReason, usage } = this.last;
    const content: Part[] = [];
    if (this.reasoning !== "") content.push({ type: "reasoning", text: this.reasoning });
    if (this.text !== "") content.push({ type: "text", text: this.text });
    content.push(...this.tools);
    const response = this.modelId === undefined ? {} : { response: { modelId: this.modelId } };
    return answerOf({ content, finishReason, usage, ...response });
  }
}

/** A stream that gives what the other gives, when it is asked for it. */
function followed(stream: ReadableStream<Part>, collector: Collector): ReadableStream<Part> {
  const reader = stream.getReader();
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            quietly(() => collector.end(true));
            controller.close();
          } else {
            quietly(() => collector.part(value));
            controller.enqueue(value);
          }
        } catch (error) {
          quietly(() => collector.failed(error));
          controller.error(error);
        }
      },
      async cancel(reason) {
        quietly(() => collector.end(false));
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function answerOf({ content, finishReason, usage, response }: Generated): Answered {
  const tools = (content ?? []).filter(({ type }) => type === "tool-call");
  return {
    output: content ?? [],
    model: response?.modelId,
    finishReason: reasonOf(finishReason),
    usage: tokensOf(usage),
    toolCalls: tools.map(({ toolCallId: id, toolName, input }) => ({
      id,
      name: toolName ?? "unknown",
      input: parsedArguments(input),
    })),
  };
}

/** A word; since version 6 an object that has it. */
function reasonOf(reason: unknown): string | undefined {
  if (typeof reason === "string") return reason;
  return (reason as { unified?: string } | undefined)?.unified;
}

/** Numbers; since version 6 objects that have their sum. */
function tokensOf(usage: unknown): Usage | undefined {
  const { inputTokens, outputTokens } = (usage ?? {}) as Record<string, number | { total?: number } | undefined>;
  const total = (tokens: typeof inputTokens): unknown => (typeof tokens === "object" ? tokens.total : tokens);
  return usageOf(total(inputTokens), total(outputTokens));
}
