/** One row of the grid: a line of columns, or a card of two lines on a phone. */
import { memo } from "react";
import { SystemLabel } from "@/events/system-label";
import type { SystemNames } from "@/events/use-system-names";
import { cut, visible } from "@/lib/text";
import { formatTime, formatUtc, parseTime } from "@/lib/time";
import { cx, EventTypeBadge } from "@/ui";
import { type Cells, cellsOf, type Row } from "./row";

interface Props {
  slot: number;
  index: number;
  top: number;
  height: number;
  row: Row;
  isCurrent: boolean;
  isOfEvents: boolean;
  isCard: boolean;
  names: SystemNames;
  onSelect(row: Row): void;
}

export function rowId(slot: number): string {
  return `live-row-${slot}`;
}

/** What there is no room for beside an open panel: the panel has it. */
export const WIDE_ONLY = "hidden @3xl:block";

/** The columns, of the head and of every row. */
export function rowLook(isOfEvents: boolean): string {
  return cx(
    "grid items-center gap-x-3 px-4",
    isOfEvents
      ? "grid-cols-[7.25rem_5.5rem_6rem_minmax(0,1fr)] @3xl:grid-cols-[7.25rem_5.5rem_minmax(0,10rem)_minmax(0,9rem)_minmax(0,1fr)]"
      : "grid-cols-[7.25rem_minmax(0,11rem)_minmax(0,9rem)_minmax(0,1fr)]",
  );
}

export const GridRow = memo(function GridRow(props: Props) {
  const { slot, index, top, height, row, isCurrent, isOfEvents, isCard, names, onSelect } = props;
  const cells = cellsOf(row);
  const Content = isCard ? Card : Line;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid moves by keys and opens what is selected
    <div
      id={rowId(slot)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isCurrent}
      onClick={() => onSelect(row)}
      style={{ height, transform: `translateY(${top}px)` }}
      className={cx(
        "absolute inset-x-0 top-0 cursor-default [contain:strict] hover:bg-raised",
        isCard ? "flex flex-col justify-center gap-0.5 border-b px-4" : rowLook(isOfEvents),
        isCurrent && "bg-accent-soft hover:bg-accent-soft shadow-[inset_2px_0_0_var(--color-accent)]",
      )}
    >
      <Content row={row} cells={cells} isOfEvents={isOfEvents} names={names} />
    </div>
  );
});

interface ContentProps {
  row: Row;
  cells: Cells;
  isOfEvents: boolean;
  names: SystemNames;
}

function Line({ row, cells, isOfEvents, names }: ContentProps) {
  if (!isOfEvents) {
    return (
      <>
        <Cell column={1} mono className="text-muted" title={formatUtc(row.happened)}>
          {timeCell(row)}
        </Cell>
        <Cell column={2} mono text={cells.messageKey} />
        <Cell column={3} mono text={cells.place} className="text-muted" />
        <Cell column={4} mono text={cells.line} className="text-muted" />
      </>
    );
  }
  return (
    <>
      <Cell column={1} mono className="text-muted" title={formatUtc(row.happened)}>
        {timeCell(row)}
      </Cell>
      <Cell column={2} className="flex items-center">
        <EventTypeBadge type={cells.type} />
      </Cell>
      <Cell column={3}>
        <SystemLabel aiId={cells.aiId} names={names} />
      </Cell>
      <Cell column={4} mono text={cells.session} className={`text-muted ${WIDE_ONLY}`} />
      <Cell column={5} text={cells.line} className={cells.type === "ai.error" ? "text-bad" : undefined} />
    </>
  );
}

/** As much as fits into a wide column. */
const CELL_CHARS_MAX = 200;

interface CellProps {
  column: number;
  /** From outside. */
  text?: string;
  mono?: boolean;
  className?: string | undefined;
  title?: string;
  children?: React.ReactNode;
}

function Cell({ column, text, mono = false, className, title, children }: CellProps) {
  return (
    <div
      role="gridcell"
      aria-colindex={column}
      title={title}
      className={cx("truncate", mono && "font-mono text-12", className)}
    >
      {text === undefined ? children : <Outside text={text} />}
    </div>
  );
}

function Outside({ text }: { text: string }) {
  return <bdi>{cut(visible(text), CELL_CHARS_MAX)}</bdi>;
}

function Card({ row, cells, isOfEvents, names }: ContentProps) {
  return (
    <>
      <div className="flex min-w-0 items-center gap-2">
        <span
          role="gridcell"
          aria-colindex={1}
          title={formatUtc(row.happened)}
          className="shrink-0 font-mono text-12 text-muted"
        >
          {timeCell(row)}
        </span>
        {isOfEvents && (
          <span role="gridcell" aria-colindex={2} className="min-w-0">
            <EventTypeBadge type={cells.type} />
          </span>
        )}
        <span role="gridcell" aria-colindex={3} className="ms-auto min-w-0 truncate text-12 text-faint">
          {isOfEvents ? <SystemLabel aiId={cells.aiId} names={names} /> : <Outside text={cells.place} />}
        </span>
      </div>
      <div
        role="gridcell"
        aria-colindex={isOfEvents ? 5 : 4}
        className={cx("truncate text-13", cells.type === "ai.error" && "text-bad")}
      >
        <Outside text={cells.line === "" ? cells.session : cells.line} />
      </div>
    </>
  );
}

/** The time of day, and the day where it is another than today; the exact one in UTC is the cell's title. */
function timeCell(row: Row): string {
  const at = parseTime(row.happened);
  const isToday = at.toDateString() === new Date().toDateString();
  if (isToday || Number.isNaN(at.getTime())) return formatTime(at, "time-ms");
  const [day = "", month = ""] = formatTime(at, "date").split(" ");
  return `${day} ${month} ${formatTime(at, "time")}`;
}
