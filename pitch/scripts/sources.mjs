/** SOURCES.md: what each figure rests on, and whether that still says so. Reads files alone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = new URL("../..", import.meta.url).pathname;
export const PITCH = join(ROOT, "pitch");
export const OUT = join(ROOT, "target/pitch");

/** Digits as they are written in prose: `12,137`, `3.4`, `26(6)` gives 26 and 6. */
export const numbersOf = (text) =>
  (text.match(/\d+(?:[.,]\d+)*/g) ?? []).map((number) => number.replace(/,/g, ""));

/** Number → its lines: `{ Says, Who, … }`. */
export function readSources(path = join(PITCH, "SOURCES.md")) {
  const sources = new Map();
  let current;
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const head = /^### (\d+)$/.exec(line);
    if (head) {
      if (sources.has(head[1])) throw new Error(`SOURCES.md has ${head[1]} twice`);
      current = {};
      sources.set(head[1], current);
    }
    const said = /^- \*\*(\w+):\*\* (.+)$/.exec(line);
    if (said && current) current[said[1]] = said[2];
  }
  return sources;
}

/** The numbers that an entry vouches for. */
export function vouchedFor(source) {
  const { Figure = "", Row = "", Says = "", Sum = "", Title = "" } = source;
  return new Set([Figure, Row, Says.replace(/(\d) (\d{3})/g, "$1$2"), Sum, Title].flatMap(numbersOf));
}

/** What is wrong with the entries themselves. */
export function faultsOf(sources) {
  return [...sources].flatMap(([number, source]) => {
    const at = `SOURCES.md, ${number}`;
    if (!source.Short) return [`${at}: no Short`];
    if (source.File) return measured(at, source);
    if (source.Sum) return added(at, source, sources);
    const missing = ["Says", "Who", "Title", "Year"].filter((name) => !source[name]);
    return missing.length ? [`${at}: no ${missing.join(", ")}`] : [];
  });
}

/** The words of the row and every number of the figure stand in one line of the file. */
function measured(at, { File, Row, Figure }) {
  if (!Row || !Figure) return [`${at}: a file without Row or Figure`];
  const lines = readFileSync(join(ROOT, File), "utf8")
    .split("\n")
    .filter((line) => line.includes(Row));
  if (lines.length === 0) return [`${at}: no line of ${File} says “${Row}”`];
  const wanted = numbersOf(Figure);
  const has = (line) => wanted.every((number) => numbersOf(line).includes(number));
  return lines.some(has)
    ? []
    : [`${at}: “${Figure}” is not in ${File} any more, which says: ${lines.join(" / ")}`];
}

/** The sum comes out, rounded as it is written. */
function added(at, { Sum, Of = "" }, sources) {
  const [terms, result] = Sum.split("=").map((side) => side.trim());
  if (!/^[\d\s.()+*/-]+$/.test(terms)) return [`${at}: “${terms}” is no sum`];
  const computed = Function(`return ${terms}`)();
  const faults =
    Math.round(computed) === Number(result) ? [] : [`${at}: ${terms} is ${computed}, not ${result}`];
  for (const part of numbersOf(Of)) {
    const source = sources.get(part);
    if (!source) faults.push(`${at}: there is no ${part}`);
    else if (![...vouchedFor(source)].some((number) => numbersOf(terms).includes(number)))
      faults.push(`${at}: nothing of ${part} is in the sum`);
  }
  return faults;
}
