/** Text of an event, with what stands in for hidden values marked in place. Long text is shown in part at first. */
import { useState } from "react";
import { formatCount } from "@/lib/numbers";
import { visibleLines } from "@/lib/text";
import { Button } from "@/ui";
import { piecesOf, type Redaction } from "./record";
import { words } from "./words";

const CHARS_AT_FIRST = 2_000;

interface Props {
  text: string;
  pointer: string;
  redactions: readonly Redaction[];
}

/** In one line with other words. */
export function MarkedText({ text, pointer, redactions }: Props) {
  return (
    <bdi dir="auto" className="[overflow-wrap:anywhere]">
      <Pieces text={text} pointer={pointer} redactions={redactions} />
    </bdi>
  );
}

/** As a block of its own, its lines as they are. */
export function LongText({ text, pointer, redactions, mono = false }: Props & { mono?: boolean }) {
  const [isWhole, setWhole] = useState(false);
  if (text === "") return <p className="text-faint">{words.empty}</p>;
  // A little more than half of it is not worth a button.
  const isLong = text.length > CHARS_AT_FIRST * 1.25;
  const shown = isLong && !isWhole ? text.slice(0, CHARS_AT_FIRST) : text;
  return (
    <div className="min-w-0">
      <div
        dir="auto"
        className={
          mono
            ? "font-mono text-12 whitespace-pre-wrap [overflow-wrap:anywhere]"
            : "whitespace-pre-wrap text-13 [overflow-wrap:anywhere]"
        }
      >
        <Pieces text={shown} pointer={pointer} redactions={redactions} />
        {isLong && !isWhole && "…"}
      </div>
      {isLong && (
        <Button size="sm" variant="ghost" className="-ms-2 mt-1" onClick={() => setWhole(!isWhole)}>
          {isWhole ? words.showLess : words.showAll(formatCount(text.length))}
        </Button>
      )}
    </div>
  );
}

function Pieces({ text, pointer, redactions }: Props) {
  return piecesOf(text, pointer, redactions).map((piece, index) =>
    piece.hidden === undefined ? (
      visibleLines(piece.text)
    ) : (
      <mark
        key={index}
        title={words.hiddenWhy(piece.hidden)}
        className="rounded-4 bg-accent-soft px-1 font-mono text-12 text-accent"
      >
        <bdi>{piece.text}</bdi>
      </mark>
    ),
  );
}
