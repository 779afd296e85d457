/** A redacted text, or JSON, with each stand-in marked, and numbered where the findings are listed beside it. */
import { Fragment, useMemo } from "react";
import { visibleLines } from "@/lib/text";
import { labelOf } from "./finding-label";
import { type Segment, segmentsOfJson, segmentsOfText } from "./marks";
import type { Preview } from "./use-preview";
import { words } from "./words";

interface Props {
  preview: Preview;
  /** What the ids of the marks begin with; present: the marks are numbered. */
  numberedAs?: string;
}

export function Marked({ preview, numberedAs }: Props) {
  const { redacted, findings } = preview;
  const segments = useMemo(
    () =>
      typeof redacted === "string" ? segmentsOfText(redacted, findings) : segmentsOfJson(redacted, findings),
    [redacted, findings],
  );
  return (
    <section
      aria-label={words.result}
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-6 border border-line bg-canvas p-3"
    >
      <pre dir="auto" className="font-mono text-12 break-words whitespace-pre-wrap">
        {segments.map((segment, at) => (
          <Fragment key={at}>
            {segment.finding === undefined ? (
              visibleLines(segment.text)
            ) : (
              <Mark segment={segment} number={segment.finding} of={preview} numberedAs={numberedAs} />
            )}
          </Fragment>
        ))}
      </pre>
    </section>
  );
}

interface MarkProps {
  segment: Segment;
  number: number;
  of: Preview;
  numberedAs: string | undefined;
}

function Mark({ segment, number, of, numberedAs }: MarkProps) {
  const finding = of.findings[number];
  return (
    <mark
      id={numberedAs && markId(numberedAs, number)}
      tabIndex={numberedAs === undefined ? undefined : -1}
      title={finding && `${labelOf(finding)}: ${finding.why}`}
      className="rounded-4 bg-accent-soft px-0.5 text-accent"
    >
      <bdi>{visibleLines(segment.text)}</bdi>
      {numberedAs && <sup className="ms-0.5 font-sans text-11 tabular-nums">{number + 1}</sup>}
    </mark>
  );
}

export function markId(prefix: string, finding: number): string {
  return `${prefix}-mark-${finding}`;
}
