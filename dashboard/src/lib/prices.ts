/**
 * What tokens cost, for estimates: list prices of well-known models, in US dollars a million tokens, without discounts for
 * caches, batches or contracts. A model that is not here has no price, rather than one that is nearly its own.
 */

/** When the prices below were read from their makers' pages. */
export const PRICES_OF = "2026-10-10";

export interface Price {
  /** US dollars a million tokens. */
  input: number;
  output: number;
  /** What a request costs whose input is longer than this. */
  long?: { above: number; input: number; output: number };
}

const flat = (input: number, output: number): Price => ({ input, output });

const PRICES: ReadonlyMap<string, Price> = new Map([
  // OpenAI
  ["gpt-5.4", flat(2.5, 15)],
  ["gpt-5.4-mini", flat(0.75, 4.5)],
  ["gpt-5.3-codex", flat(1.75, 14)],
  ["gpt-5.2", flat(1.75, 14)],
  ["gpt-5.2-codex", flat(1.75, 14)],
  ["gpt-5.1", flat(1.25, 10)],
  ["gpt-5", flat(1.25, 10)],
  ["gpt-5-mini", flat(0.25, 2)],
  ["gpt-5-nano", flat(0.05, 0.4)],
  ["gpt-5-pro", flat(15, 120)],
  ["gpt-4.1", flat(2, 8)],
  ["gpt-4.1-mini", flat(0.4, 1.6)],
  ["gpt-4.1-nano", flat(0.1, 0.4)],
  ["gpt-4o", flat(2.5, 10)],
  ["gpt-4o-mini", flat(0.15, 0.6)],
  ["gpt-4-turbo", flat(10, 30)],
  ["gpt-4", flat(30, 60)],
  ["gpt-3.5-turbo", flat(0.5, 1.5)],
  ["o1", flat(15, 60)],
  ["o3", flat(2, 8)],
  ["o3-mini", flat(1.1, 4.4)],
  ["o4-mini", flat(1.1, 4.4)],
  // Anthropic
  ["claude-opus-5-5", flat(4, 20)],
  ["claude-opus-5", flat(5, 25)],
  ["claude-opus-4-8", flat(5, 25)],
  ["claude-opus-4-7", flat(5, 25)],
  ["claude-opus-4-6", flat(5, 25)],
  ["claude-opus-4-5", flat(5, 25)],
  ["claude-opus-4-1", flat(15, 75)],
  ["claude-opus-4", flat(15, 75)],
  ["claude-3-opus", flat(15, 75)],
  ["claude-sonnet-5-5", flat(2, 10)],
  ["claude-sonnet-5", flat(2, 10)],
  ["claude-sonnet-4-6", flat(3, 15)],
  ["claude-sonnet-4-5", flat(3, 15)],
  ["claude-sonnet-4", flat(3, 15)],
  ["claude-3-7-sonnet", flat(3, 15)],
  ["claude-3-5-sonnet", flat(3, 15)],
  ["claude-haiku-5-5", { input: 0.1, output: 0.5, long: { above: 100_000, input: 0.5, output: 2.5 } }],
  ["claude-haiku-4-5", flat(1, 5)],
  ["claude-3-5-haiku", flat(0.8, 4)],
  ["claude-3-haiku", flat(0.25, 1.25)],
  // Google
  ["gemini-3.8-flash", flat(0.75, 3.75)],
  ["gemini-3.5-flash", flat(1.5, 9)],
  ["gemini-3.5-flash-lite", flat(0.3, 2.5)],
  ["gemini-3.1-pro", { input: 2, output: 12, long: { above: 200_000, input: 4, output: 18 } }],
  ["gemini-2.5-pro", { input: 1.25, output: 10, long: { above: 200_000, input: 2.5, output: 15 } }],
  ["gemini-2.5-flash", flat(0.3, 2.5)],
  ["gemini-2.5-flash-lite", flat(0.1, 0.4)],
]);

/** The price of a model, as its maker or a host calls it. */
export function priceOf(model: string): Price | undefined {
  return PRICES.get(plainName(model));
}

/** The name without what hosts and releases put around it: `us.anthropic.claude-opus-4-1-20250805-v1:0` is `claude-opus-4-1`. */
function plainName(model: string): string {
  return model
    .slice(0, 200)
    .trim()
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/^(?:(?:us|eu|apac|jp|global)\.)?anthropic\./, "")
    .replace(/-v\d+:\d+$/, "")
    .replace(/@\d{8}$/, "")
    .replace(/-latest$|-preview(?:-\d{2}-\d{2})?$/, "")
    .replace(/-(?:20\d{6}|20\d{2}-\d{2}-\d{2})$/, "");
}

/** What this many tokens of one request cost, in US dollars. */
export function costOf(price: Price, inputTokens: number, outputTokens: number): number {
  const of = price.long !== undefined && inputTokens > price.long.above ? price.long : price;
  return (inputTokens * of.input + outputTokens * of.output) / 1_000_000;
}

/** `$12.34`, `$0.0021`: what is there is never shown as nothing. */
export function formatDollars(amount: number): string {
  if (!Number.isFinite(amount)) return "–";
  if (amount === 0) return "$0";
  if (amount < 0.0001) return "<$0.0001";
  if (amount < 0.01) return `$${amount.toFixed(4)}`;
  if (amount < 1) return `$${amount.toFixed(3)}`;
  return `$${amount.toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
