/** What a session comes to: its time, its tokens, its errors, and what that costs as far as prices are known. */
import { type ReadRecord, textOf } from "@/events/record";
import { asAmount, member } from "@/lib/any-json";
import { momentOf } from "@/lib/moments";
import { costOf, priceOf } from "@/lib/prices";

export interface ModelTotals {
  /** Empty where none was named. */
  model: string;
  input: number;
  output: number;
  /** Tokens of which nothing says whether they went in or came out. */
  other: number;
  /** US dollars; nothing where no price is known. */
  cost: number | undefined;
}

export interface Totals {
  events: number;
  byType: { type: string; count: number }[];
  durationMs: number;
  latencyMs: number;
  longestMs: number;
  errors: number;
  /** Of them, those that nothing could be done about. */
  fatal: number;
  input: number;
  output: number;
  other: number;
  models: ModelTotals[];
  /** Of all models with a price. */
  cost: number;
  /** Models with tokens and without a price. */
  unpriced: string[];
}

export function totalsOf(records: readonly ReadRecord[]): Totals {
  const models = new Map<string, ModelTotals>();
  const types = new Map<string, number>();
  const totals = { latencyMs: 0, longestMs: 0, fatal: 0 };
  for (const { event, type } of records) {
    types.set(type, (types.get(type) ?? 0) + 1);
    const latency = latencyOf(event);
    totals.latencyMs += latency ?? 0;
    totals.longestMs = Math.max(totals.longestMs, latency ?? 0);
    if (type === "ai.error" && member(member(event, "error"), "recoverable") === false) totals.fatal += 1;
    addTokens(event, models);
  }
  const all = [...models.values()].sort((one, other) => tokens(other) - tokens(one));
  return {
    ...totals,
    events: records.length,
    byType: [...types]
      .map(([type, count]) => ({ type, count }))
      .sort((one, other) => other.count - one.count),
    durationMs: durationOf(records),
    errors: types.get("ai.error") ?? 0,
    input: sum(all, "input"),
    output: sum(all, "output"),
    other: sum(all, "other"),
    models: all,
    cost: all.reduce((cost, model) => cost + (model.cost ?? 0), 0),
    unpriced: all
      .filter((model) => model.cost === undefined && model.input + model.output > 0)
      .map(({ model }) => model),
  };
}

/** The latency that an event tells of, in milliseconds. */
export function latencyOf(event: unknown): number | undefined {
  return (
    asAmount(member(member(event, "action"), "latency_ms")) ??
    asAmount(member(member(event, "response"), "latency_ms"))
  );
}

/** A latency longer than this was measured wrong: it would put the beginning of a session years ago. */
const REACH_MS_MAX = 7 * 24 * 60 * 60 * 1_000;

/** How long before its timestamp an event began. */
export function reachMs(event: unknown): number {
  const latency = latencyOf(event) ?? 0;
  return latency <= REACH_MS_MAX ? latency : 0;
}

/** From when it began, so far as latency tells, to its last event. */
export function durationOf(records: readonly ReadRecord[]): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { event, timestamp } of records) {
    const at = momentOf(timestamp);
    if (at === undefined) continue;
    first = Math.min(first, at - reachMs(event));
    last = Math.max(last, at);
  }
  return last >= first ? last - first : 0;
}

function addTokens(event: unknown, models: Map<string, ModelTotals>): void {
  const version = textOf(event, "ai_version") ?? "";
  const response = member(event, "response");
  const usage = member(response, "usage");
  const input = asAmount(member(usage, "input_tokens"));
  const output = asAmount(member(usage, "output_tokens"));
  if (input !== undefined || output !== undefined) {
    const model = modelOf(models, textOf(response, "model") ?? version);
    model.input += input ?? 0;
    model.output += output ?? 0;
    const price = priceOf(model.model);
    if (price !== undefined) model.cost = (model.cost ?? 0) + costOf(price, input ?? 0, output ?? 0);
  }
  const action = member(event, "action");
  const used = asAmount(member(action, "tokens_used"));
  if (used !== undefined && used > 0) modelOf(models, textOf(action, "model") ?? version).other += used;
}

function modelOf(models: Map<string, ModelTotals>, name: string): ModelTotals {
  let model = models.get(name);
  if (model === undefined) {
    model = { model: name, input: 0, output: 0, other: 0, cost: undefined };
    models.set(name, model);
  }
  return model;
}

function tokens({ input, output, other }: ModelTotals): number {
  return input + output + other;
}

function sum(models: readonly ModelTotals[], name: "input" | "output" | "other"): number {
  return models.reduce((total, model) => total + model[name], 0);
}
