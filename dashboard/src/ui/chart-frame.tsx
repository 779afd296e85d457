/** What every chart has around it: its title, the same as a table, and as a file. */
import { Download } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";
import { csv, download } from "@/lib/download";
import { formatCount } from "@/lib/numbers";
import { Button } from "./button";
import { words } from "./data-words";
import { useScrollable } from "./use-scrollable";

export interface ChartFrameProps {
  title: string;
  /** What is shown is the table; nothing when there is no choice. */
  isTable?: boolean;
  onTable?(isTable: boolean): void;
  csvName: string;
  /** Asked for when somebody wants the file; nothing when there is none. */
  csvRows?: () => string[][];
  children: ReactNode;
}

export function ChartFrame({ title, isTable = false, onTable, csvName, csvRows, children }: ChartFrameProps) {
  const titleId = useId();
  const save = (rows: string[][]) => {
    download(csvName.endsWith(".csv") ? csvName : `${csvName}.csv`, "text/csv", csv(rows));
  };
  return (
    <section
      aria-labelledby={titleId}
      className="flex min-w-0 flex-col rounded-8 border border-line bg-surface p-3 sm:p-4"
    >
      <div className="flex items-start justify-between gap-2">
        <h2 id={titleId} className="min-w-0 break-words font-semibold text-14">
          {title}
        </h2>
        <div className="-my-1 -me-1.5 flex shrink-0 pointer-coarse:-my-2.5 print:hidden">
          {onTable !== undefined && (
            <Button size="sm" variant="ghost" aria-describedby={titleId} onClick={() => onTable(!isTable)}>
              {isTable ? words.viewChart : words.viewTable}
            </Button>
          )}
          {csvRows !== undefined && (
            <Button
              size="sm"
              variant="ghost"
              icon={Download}
              aria-describedby={titleId}
              onClick={() => save(csvRows())}
            >
              {words.csv}
            </Button>
          )}
        </div>
      </div>
      {children}
    </section>
  );
}

/** Rows that are put into the page; a file has no such bound. */
export const TABLE_ROWS_MAX = 500;

export interface ChartTableProps {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly ReactNode[])[];
  maxHeight?: number;
}

/** Numbers under each other, in a box of the chart's height. */
export function ChartTable({ caption, columns, rows, maxHeight }: ChartTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const isScrollable = useScrollable(box);
  const shown = rows.slice(0, TABLE_ROWS_MAX);
  const side = (index: number) => (index === 0 ? "text-start" : "text-end");
  return (
    <>
      <div
        ref={box}
        style={{ maxHeight }}
        className="relative mt-3 overflow-auto"
        {...(isScrollable && { tabIndex: 0, role: "region", "aria-label": caption })}
      >
        <table className="w-full border-separate border-spacing-0 text-12">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th
                  key={index}
                  scope="col"
                  className={`sticky top-0 border-line border-b bg-surface py-1.5 pe-3 font-medium text-muted last:pe-0 ${side(index)}`}
                >
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => {
                  const look = `border-line border-b py-1.5 pe-3 last:pe-0 ${side(column)}`;
                  return column === 0 ? (
                    <th key={column} scope="row" className={`${look} font-normal text-muted`}>
                      {cell}
                    </th>
                  ) : (
                    <td key={column} className={`${look} whitespace-nowrap text-ink`}>
                      {cell}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length && (
        <p className="mt-2 text-11 text-faint">
          {words.tableCut(formatCount(shown.length), formatCount(rows.length))}
        </p>
      )}
    </>
  );
}
