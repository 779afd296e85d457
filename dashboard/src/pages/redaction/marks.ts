/** Where in what is shown the findings stand: the redacted text, or the redacted JSON as it is printed. */
import type { Schemas } from "@/api";
import { formatPointer } from "@/lib/pointer";

type Finding = Schemas["RedactionFinding"];

/** A part of what is shown. */
export interface Segment {
  text: string;
  /** The number of the finding whose stand-in this is, from 0. */
  finding?: number;
}

type Numbered = readonly [number, Finding];

const INDENT = "  ";

/** Of a text: it is the whole value, so that every finding in it has an empty pointer. */
export function segmentsOfText(text: string, findings: readonly Finding[]): Segment[] {
  return merged(
    parts(
      text,
      [...findings.entries()].filter(([, one]) => one.pointer === "" && !one.in_key),
      plain,
    ),
  );
}

/** Of JSON, printed with an indent. */
export function segmentsOfJson(value: unknown, findings: readonly Finding[]): Segment[] {
  const byPlace = new Map<string, Numbered[]>();
  for (const [at, finding] of findings.entries()) {
    const place = placeOf(finding.pointer, finding.in_key);
    const others = byPlace.get(place);
    if (others) others.push([at, finding]);
    else byPlace.set(place, [[at, finding]]);
  }
  const segments: Segment[] = [];
  print(value, "", "", byPlace, segments);
  return merged(segments);
}

function print(
  value: unknown,
  pointer: string,
  indent: string,
  found: ReadonlyMap<string, Numbered[]>,
  out: Segment[],
): void {
  const here = found.get(placeOf(pointer, false)) ?? [];
  if (typeof value === "string") {
    out.push({ text: '"' }, ...parts(value, here, escaped), { text: '"' });
    return;
  }
  if (typeof value !== "object" || value === null) {
    const [first] = here;
    const text = JSON.stringify(value) ?? "null";
    out.push(first === undefined ? { text } : { text, finding: first[0] });
    return;
  }
  const inner = indent + INDENT;
  const members: (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((element, at) => [String(at), element] as const)
    : Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (members.length === 0) {
    out.push({ text: open + close });
    return;
  }
  out.push({ text: `${open}\n` });
  for (const [at, [name, member]] of members.entries()) {
    const place = pointer + formatPointer([name]);
    out.push({ text: inner });
    if (!Array.isArray(value)) {
      const inKey = found.get(placeOf(place, true)) ?? [];
      out.push({ text: '"' }, ...parts(name, inKey, escaped), { text: '": ' });
    }
    print(member, place, inner, found, out);
    out.push({ text: at < members.length - 1 ? ",\n" : "\n" });
  }
  out.push({ text: indent + close });
}

/** A string cut at its findings. Their places count code points; what lies outside of the string, or in another, is none. */
function parts(text: string, findings: readonly Numbered[], written: (part: string) => string): Segment[] {
  const sorted = [...findings].sort(([, a], [, b]) => a.start - b.start);
  const found: Segment[] = [];
  let done = 0;
  let at = { point: 0, unit: 0 };
  for (const [number, finding] of sorted) {
    if (finding.start < at.point || finding.end <= finding.start) continue;
    const start = advance(text, at, finding.start);
    const end = advance(text, start, finding.end);
    if (start.point < finding.start || end.unit <= start.unit) continue;
    if (start.unit > done) found.push({ text: written(text.slice(done, start.unit)) });
    found.push({ text: written(text.slice(start.unit, end.unit)), finding: number });
    done = end.unit;
    at = end;
  }
  if (done < text.length) found.push({ text: written(text.slice(done)) });
  return found;
}

interface Place {
  point: number;
  unit: number;
}

/** Where a code point is, in the units that strings are cut by. */
function advance(text: string, from: Place, toPoint: number): Place {
  let { point, unit } = from;
  while (point < toPoint && unit < text.length) {
    unit += (text.codePointAt(unit) as number) > 0xff_ff ? 2 : 1;
    point += 1;
  }
  return { point, unit };
}

function plain(part: string): string {
  return part;
}

function escaped(part: string): string {
  return JSON.stringify(part).slice(1, -1);
}

function placeOf(pointer: string, inKey: boolean): string {
  return `${inKey ? "key" : "value"} ${pointer}`;
}

/** Neighbours without a finding become one, so that what is shown has few parts. */
function merged(segments: readonly Segment[]): Segment[] {
  const found: Segment[] = [];
  for (const one of segments) {
    const last = found.at(-1);
    if (one.text === "" && one.finding === undefined) continue;
    if (last !== undefined && last.finding === undefined && one.finding === undefined) last.text += one.text;
    else found.push({ ...one });
  }
  return found;
}
