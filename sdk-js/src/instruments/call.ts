/**
 * One call of a model, as events: the query when it begins; the response, and an action for each tool that the model
 * asks for, when it ends; or the error. All of one call have the same label `call`. Nothing here throws.
 */

import { currentMetadata } from "../context/context.js";
import { merged } from "../event/compose.js";
import type { Metadata, Query, Usage } from "../event/types.js";
import type { Recorder } from "../recorder/recorder.js";
import { sharedRecorder } from "../recorder/shared.js";
import { withoutSecrets } from "./secrets.js";

/** Where an instrument records, and what its events say besides. */
export interface InstrumentOptions {
  /** The recorder; one made of the environment unless it is given. */
  recorder?: Recorder | undefined;
  /** What all events of these calls say of themselves. */
  metadata?: Metadata | undefined;
}

export interface ResolvedOptions {
  readonly recorder: Recorder;
  readonly metadata: Metadata | undefined;
}

/** What a model answered. */
export interface Answered {
  readonly output: unknown;
  readonly model?: string | undefined;
  readonly finishReason?: string | undefined;
  readonly usage?: Usage | undefined;
  readonly toolCalls?: readonly ToolCall[] | undefined;
}

/** A tool that a model asks for. */
export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly id?: string | undefined;
}

export class ModelCall {
  private readonly startedMs = performance.now();
  private readonly metadata: Metadata;
  private isOver = false;

  constructor(
    private readonly recorder: Recorder,
    instrument: string,
    private readonly model: string,
    query: Query,
    metadata: Metadata | undefined,
  ) {
    const known = merged(currentMetadata() ?? {}, metadata);
    this.metadata = merged(known, { labels: { call: crypto.randomUUID(), instrument } });
    recorder.query({ ...withoutSecrets(query), model }, { ai_version: model, metadata: this.metadata });
  }

  /** The answer is there, or its reader has left it. Told once; whatever comes later is of no interest. */
  answered(read: () => Answered | undefined, isWhole = true): void {
    quietly(() => {
      if (this.isOver) return;
      this.isOver = true;
      this.tell(read(), isWhole);
    });
  }

  /** What came before it failed is told, too. */
  failed(error: unknown, read: () => Answered | undefined = () => undefined): void {
    quietly(() => {
      if (this.isOver) return;
      this.isOver = true;
      const { status, code, type, name, message, stack } = (error ?? {}) as Record<string, unknown>;
      const recoverable = status === undefined || status === 408 || status === 429 || Number(status) >= 500;
      const told = { code: code ?? type ?? name, message: message ?? String(error), stack };
      this.recorder.error(told, { ai_version: this.model, metadata: this.metadata, recoverable });
      this.tell(read(), false);
    });
  }

  private tell(answer: Answered | undefined, isWhole: boolean): void {
    if (answer === undefined) return;
    const { output, model = this.model, usage, toolCalls } = answer;
    const finish_reason = answer.finishReason ?? (isWhole ? undefined : "cut");
    const head = { ai_version: model, metadata: this.metadata };
    const latency_ms = this.latencyMs;
    this.recorder.response({ output, model, finish_reason, usage, latency_ms }, head);
    for (const { name, input, id } of toolCalls ?? []) {
      const metadata = id === undefined ? this.metadata : merged(this.metadata, { labels: { tool_call: id } });
      // What the tool gave is in the next query; here is that it was asked for, and with what.
      this.recorder.action({ function: name, input, output: null, latency_ms: 0, model }, { ...head, metadata });
    }
  }

  private get latencyMs(): number {
    return Math.round((performance.now() - this.startedMs) * 1000) / 1000;
  }
}

/** The options with a recorder. What is missing in the environment is said now, and not never. */
export function resolved({ recorder, metadata }: InstrumentOptions): ResolvedOptions {
  return { recorder: recorder ?? sharedRecorder(), metadata };
}

/** Begins a call; when what was asked can't be read, there is nothing to follow. */
export function begin(
  { recorder, metadata }: ResolvedOptions,
  instrument: string,
  read: () => { model: string; query: Query } | undefined,
): ModelCall | undefined {
  return quietly(() => {
    const asked = read();
    return asked && new ModelCall(recorder, instrument, asked.model, asked.query, metadata);
  });
}

/** Runs what may fail without anybody noticing. */
export function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** The arguments of a tool, which come as JSON text that need not be any. */
export function parsedArguments(text: unknown): unknown {
  if (typeof text !== "string") return text ?? null;
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    return text;
  }
}

/** Usage, when both counts are told. */
export function usageOf(input: unknown, output: unknown): Usage | undefined {
  if (typeof input !== "number" || typeof output !== "number") return undefined;
  return { input_tokens: input, output_tokens: output };
}
