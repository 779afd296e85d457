import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "theme.css"), "utf8");
const colours = new Map(
  [...css.matchAll(/--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

const surfaces = ["canvas", "surface", "raised", "popover"];
const statuses = ["accent", "good", "warn", "bad", "info"];
const types = ["action", "decision", "error", "query", "response"].map((type) => `type-${type}`);
const series = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `series-${number}`);
const softs = statuses.map((status) => `${status}-soft`);

/** What is read, on what. */
const texts: [string, string][] = [
  ...pairs(["ink", "muted", "faint"], [...surfaces, ...softs]),
  ...pairs([...statuses, ...types], surfaces),
  ...statuses.map((status): [string, string] => [status, `${status}-soft`]),
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["on-bad", "bad"],
  ["on-bad", "bad-hover"],
];

/** What one has to find, on what. */
const shapes: [string, string][] = [
  ...pairs(["control", "focus"], surfaces),
  ...pairs(series, ["canvas", "surface", "popover"]),
];

const TEXT_CONTRAST_MIN = 4.9;
const SHAPE_CONTRAST_MIN = 3;

describe.each(["light", "dark"] as const)("in the %s theme", (scheme) => {
  test.each(texts)("%s is read on %s", (front, ground) => {
    expect(contrast(front, ground, scheme)).toBeGreaterThanOrEqual(TEXT_CONTRAST_MIN);
  });

  test.each(shapes)("%s is seen on %s", (front, ground) => {
    expect(contrast(front, ground, scheme)).toBeGreaterThanOrEqual(SHAPE_CONTRAST_MIN);
  });
});

test("a known contrast comes out as it is known", () => {
  expect(ratio("#000000", "#ffffff")).toBeCloseTo(21);
  expect(ratio("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});

test("the variables of charts are the colours of the theme", () => {
  for (const name of series) expect(css).toContain(`--${name}: var(--color-${name});`);
});

function pairs(fronts: readonly string[], grounds: readonly string[]): [string, string][] {
  return fronts.flatMap((front) => grounds.map((ground): [string, string] => [front, ground]));
}

function contrast(front: string, ground: string, scheme: "light" | "dark"): number {
  return ratio(colourOf(front)[scheme], colourOf(ground)[scheme]);
}

function colourOf(name: string) {
  const found = colours.get(name);
  if (found === undefined) throw new Error(`the theme has no colour ${name}`);
  return found;
}

/** WCAG 2.2, contrast ratio. */
function ratio(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
