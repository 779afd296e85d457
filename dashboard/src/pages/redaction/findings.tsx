import { Button, Table } from "@/ui";
import { labelOf, whereOf } from "./finding-label";
import { ModeBadge } from "./kinds-card";
import { markId } from "./marked";
import type { Preview } from "./use-preview";
import { words } from "./words";

/** Each thing that was hidden, with where and why; its number leads to the mark. */
export function Findings({ preview, markedAs }: { preview: Preview; markedAs: string }) {
  const rows = preview.findings.map((finding, at) => ({ finding, at }));
  return (
    <Table
      label={words.findingsTable}
      rows={rows}
      rowKey={({ at }) => String(at)}
      columns={[
        {
          key: "kind",
          header: words.findingColumns.kind,
          primary: true,
          cell: ({ finding, at }) => (
            <Button
              size="sm"
              variant="ghost"
              className="-ms-2 whitespace-normal text-start"
              onClick={() => show(markId(markedAs, at))}
            >
              {words.finding(at + 1, labelOf(finding))}
            </Button>
          ),
        },
        {
          key: "where",
          header: words.findingColumns.where,
          cell: ({ finding }) => <code className="font-mono text-12 break-all">{whereOf(finding)}</code>,
        },
        {
          key: "mode",
          header: words.findingColumns.mode,
          cell: ({ finding }) => <ModeBadge mode={finding.mode} />,
        },
        {
          key: "why",
          header: words.findingColumns.why,
          cell: ({ finding }) => <span className="text-12 text-muted">{finding.why}</span>,
        },
      ]}
    />
  );
}

function show(id: string): void {
  const mark = document.getElementById(id);
  mark?.scrollIntoView({ block: "nearest" });
  mark?.focus({ preventScroll: true });
}
