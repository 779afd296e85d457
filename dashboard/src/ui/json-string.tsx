/** A string of a JSON tree: as it is written, cut when it is long; or all of it, with its lines as lines. */
import { useMemo } from "react";
import type { JsonMark } from "@/lib/json-rows";
import { formatBytes } from "@/lib/numbers";
import { cut, utf8Bytes, visible, visibleLines } from "@/lib/text";
import { words } from "./data-words";

/** Longer strings are cut until one asks for all of it. */
export const CUT_CHARS = 400;

export interface Piece {
  text: string;
  isMarked: boolean;
}

/** Where in a text's code units its characters (code points) begin. */
function unitsOf(text: string, points: readonly number[]): number[] {
  const sorted = [...new Set(points)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let unit = 0;
  let point = 0;
  for (const wanted of sorted) {
    while (point < wanted && unit < text.length) {
      unit += (text.codePointAt(unit) as number) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(wanted, unit);
  }
  return points.map((wanted) => found.get(wanted) as number);
}

/** The text in pieces, those that a mark is about told apart. */
export function piecesOf(text: string, marks: readonly JsonMark[]): Piece[] {
  const spans = marks.filter(
    ({ start, end, inKey }) => inKey !== true && start !== undefined && end !== undefined,
  );
  const starts = unitsOf(
    text,
    spans.map(({ start }) => start as number),
  );
  const ends = unitsOf(
    text,
    spans.map(({ end }) => end as number),
  );
  const sorted = starts
    .map((start, index) => [start, ends[index] as number] as const)
    .sort((a, b) => a[0] - b[0]);
  const pieces: Piece[] = [];
  let done = 0;
  for (const [start, end] of sorted) {
    const from = Math.max(done, start);
    if (end <= from) continue;
    if (from > done) pieces.push({ text: text.slice(done, from), isMarked: false });
    pieces.push({ text: text.slice(from, end), isMarked: true });
    done = end;
  }
  if (done < text.length || pieces.length === 0) pieces.push({ text: text.slice(done), isMarked: false });
  return pieces;
}

/** Whether there is more to a string than its row shows. */
export function hasMore(text: string): boolean {
  return text.length > CUT_CHARS || text.includes("\n");
}

/** As it would be written in JSON, but every letter that can be read stands for itself. */
export function written(text: string): string {
  return visible(text.replace(/["\\]/g, "\\$&"));
}

interface JsonStringProps {
  text: string;
  marks: readonly JsonMark[];
  isFull: boolean;
  /** What follows it: a comma, or nothing. */
  after: string;
  onToggle(): void;
}

export function JsonString({ text, marks, isFull, after, onToggle }: JsonStringProps) {
  const shown = isFull ? text : cut(text, CUT_CHARS);
  const show = isFull ? visibleLines : written;
  const pieces = useMemo(() => piecesOf(shown, marks), [shown, marks]);
  const size = useMemo(() => (text.length > CUT_CHARS ? formatBytes(utf8Bytes(text)) : undefined), [text]);
  const content = pieces.map((piece, index) =>
    piece.isMarked ? (
      <mark key={index} className="rounded-4 bg-accent-soft text-accent">
        {show(piece.text)}
      </mark>
    ) : (
      show(piece.text)
    ),
  );
  return (
    <>
      {isFull ? (
        <span
          dir="auto"
          className="my-1 block whitespace-pre-wrap border-line border-s-2 ps-2.5 text-good [unicode-bidi:isolate]"
        >
          {content}
        </span>
      ) : (
        <bdi dir="auto" className="text-good">
          "{content}"
        </bdi>
      )}
      {!isFull && <span className="text-muted">{after}</span>}
      {hasMore(text) && (
        <button
          type="button"
          tabIndex={-1}
          onClick={onToggle}
          className="ms-1.5 rounded-4 bg-raised px-1.5 font-sans text-11 text-muted leading-5 hover:text-ink"
        >
          {isFull ? words.showLess : size === undefined ? words.showLines : words.showAll(size)}
        </button>
      )}
    </>
  );
}
