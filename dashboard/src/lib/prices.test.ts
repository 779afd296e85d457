import { describe, expect, it } from "vitest";
import { costOf, formatDollars, PRICES_OF, priceOf } from "./prices";

describe("the price of a model", () => {
  it.each([
    ["gpt-4o", 2.5],
    ["GPT-4o", 2.5],
    ["gpt-4o-2024-08-06", 2.5],
    ["openai/gpt-4o-mini", 0.15],
    ["gpt-4.1-mini-2025-04-14", 0.4],
    ["claude-sonnet-4-5-20250929", 3],
    ["claude-3-5-sonnet-latest", 3],
    ["us.anthropic.claude-opus-4-1-20250805-v1:0", 15],
    ["claude-opus-4@20250514", 15],
    ["models/gemini-2.5-pro", 1.25],
    ["gemini-3.1-pro-preview", 2],
  ])("%s is known", (model, input) => expect(priceOf(model)?.input).toBe(input));

  it.each([
    "",
    "gpt-4o-realtime",
    "gpt-4o-mini-tts",
    "my-gpt-4o",
    "gpt",
    "llama-3-70b",
    "constructor",
    "x".repeat(1_000_000),
  ])("of another is not made up", (model) => expect(priceOf(model)).toBeUndefined());

  it("is of a date", () => expect(Number.isNaN(Date.parse(PRICES_OF))).toBe(false));
});

it("a cost is that of what went in and what came out", () => {
  expect(costOf({ input: 2.5, output: 10 }, 1_000_000, 100_000)).toBeCloseTo(3.5, 10);
  expect(costOf({ input: 2.5, output: 10 }, 0, 0)).toBe(0);
});

it("a long request costs what long ones do", () => {
  const price = { input: 1, output: 2, long: { above: 1_000, input: 10, output: 20 } };
  expect(costOf(price, 1_000, 1_000)).toBeCloseTo(0.003, 10);
  expect(costOf(price, 1_001, 1_000)).toBeCloseTo(0.03001, 10);
});

it.each([
  [0, "$0"],
  [0.00001, "<$0.0001"],
  [0.0021, "$0.0021"],
  [0.12345, "$0.123"],
  [12.3, "$12.30"],
  [1234.5, "$1,234.50"],
  [Number.NaN, "–"],
])("%d is shown as %s", (amount, text) => expect(formatDollars(amount)).toBe(text));
