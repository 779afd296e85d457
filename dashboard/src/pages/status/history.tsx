import { Card, Time } from "@/ui";
import type { Change } from "./health";
import { stateName, subjectName } from "./told";
import { words } from "./words";

export function History({ changes }: { changes: readonly Change[] }) {
  return (
    <Card title={words.historyTitle}>
      {changes.length === 0 ? (
        <p className="text-muted">{words.noHistory}</p>
      ) : (
        <ol className="flex max-h-64 flex-col gap-1.5 overflow-y-auto">
          {changes.map(({ atMs, subject, from, to }) => (
            <li key={`${atMs} ${subject}`} className="flex flex-wrap gap-x-3">
              <Time value={atMs} style="time" className="text-muted" />
              <span>
                {words.change(subjectName(subject), stateName(subject, from), stateName(subject, to))}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
