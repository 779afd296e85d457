import { Button } from "@/ui";
import { labelOf, whereOf } from "./finding-label";
import { ModeBadge } from "./kinds-card";
import { markId } from "./marked";
import type { Preview } from "./use-preview";
import { words } from "./words";

/** Each thing that was hidden, with where and why; its name leads to the mark. */
export function Findings({ preview, markedAs }: { preview: Preview; markedAs: string }) {
  return (
    <ol aria-label={words.findingsList} className="divide-y divide-line rounded-6 border border-line">
      {preview.findings.map((finding, at) => (
        <li key={at} className="px-2 py-1.5">
          <div className="flex flex-wrap items-center justify-between gap-x-2">
            <Button
              size="sm"
              variant="ghost"
              className="min-w-0 shrink whitespace-normal text-start text-ink"
              onClick={() => show(markId(markedAs, at))}
            >
              {words.finding(at + 1, labelOf(finding))}
            </Button>
            <ModeBadge mode={finding.mode} />
          </div>
          <p className="px-2 text-12 text-muted">
            <code className="font-mono break-all">
              <bdi>{whereOf(finding)}</bdi>
            </code>
            : {finding.why}
          </p>
        </li>
      ))}
    </ol>
  );
}

function show(id: string): void {
  const mark = document.getElementById(id);
  mark?.scrollIntoView({ block: "nearest" });
  mark?.focus({ preventScroll: true });
}
