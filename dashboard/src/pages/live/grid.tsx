/**
 * The rows, of which only those in sight are drawn. Their elements are used again and again (keyed by slot), so a flood of
 * events changes texts and makes no elements. What the reader looks at does not move: `LiveList` holds it, and what is put
 * in above it moves the scroll with it.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from "react";
import type { SystemNames } from "@/events/use-system-names";
import { cx, usePhone } from "@/ui";
import { GridRow, rowId, rowLook, WIDE_ONLY } from "./grid-row";
import { type LiveList, rowAt, rowCount, type View } from "./live-list";
import type { Row } from "./row";
import { words } from "./words";

/** Rows that can be in sight at once; also how many elements there are at most. */
const SLOTS = 256;
const OVERSCAN = 8;
const HEAD_PX = 32;
const ROW_PX = 28;
const CARD_PX = 54;
/** So close to the end the next page is asked for. */
const AHEAD_ROWS = 40;
/** Less than this is the top. */
const TOP_PX = 4;

export interface GridHandle {
  focus(): void;
  toTop(): void;
  /** Brings a row into sight. */
  show(index: number): void;
  /** The row at the top of what is seen. */
  firstSeen(): number;
}

interface Props {
  list: LiveList;
  view: View;
  /** The key of the row that is selected. */
  current: string | undefined;
  isOfEvents: boolean;
  names: SystemNames;
  /** Whether the rows stay though the top is in sight: one is selected. */
  isKept: boolean;
  onSelect(row: Row): void;
  onMove(step: number): void;
  /** What stands below the last row. */
  footer: ReactNode;
  ref: Ref<GridHandle>;
}

export function Grid(props: Props) {
  const { list, view, current, isOfEvents, names, isKept, onSelect, onMove, footer, ref } = props;
  const box = useRef<HTMLDivElement>(null);
  const isPhone = usePhone();
  const rowPx = isPhone ? CARD_PX : ROW_PX;
  const headPx = isPhone ? 0 : HEAD_PX;
  const count = rowCount(view);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
  });
  // Measured again when rows become cards
  useEffect(() => rows.measure(), [rowPx]);

  const seen = rows.getVirtualItems();
  const lastSeen = seen.at(-1)?.index ?? 0;
  const canReadOn = view.history.kind === "more" && lastSeen >= count - AHEAD_ROWS;
  // Asked again when a page came and it was not enough
  useEffect(() => {
    if (canReadOn) list.more();
  }, [canReadOn, count, list]);

  useStaying(box, view, rowPx, headPx);
  useFollowing(box, list, isKept);

  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus({ preventScroll: true }),
    toTop: () => box.current?.scrollTo({ top: 0 }),
    show: (index) => rows.scrollToIndex(index, { align: "auto" }),
    firstSeen: () => Math.max(0, Math.floor((box.current?.scrollTop ?? 0) / rowPx)),
  }));

  const currentSlot = seen.find(({ index }) => rowAt(view, index)?.key === current);
  return (
    <div
      ref={box}
      role="grid"
      tabIndex={0}
      aria-label={isOfEvents ? words.rows : words.messageRows}
      aria-rowcount={count + 1}
      aria-colcount={isOfEvents ? 5 : 4}
      aria-activedescendant={
        currentSlot && current !== undefined ? rowId(currentSlot.index % SLOTS) : undefined
      }
      onKeyDown={(event) => moveByArrows(event, onMove)}
      // A press is on the row that is under it now, not on one that comes before it is let go.
      onPointerDown={() => list.hold()}
      className="@container relative min-h-0 min-w-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain outline-none [contain:strict] focus-visible:outline-2 focus-visible:-outline-offset-2"
    >
      <div role="rowgroup" className={cx("sticky top-0 z-1 border-b bg-canvas", isPhone && "sr-only")}>
        <div
          role="row"
          aria-rowindex={1}
          className={cx(rowLook(isOfEvents), "h-8 font-medium text-12 text-muted")}
        >
          {headings(isOfEvents).map((heading, index) => (
            <div
              key={heading}
              role="columnheader"
              aria-colindex={index + 1}
              className={cx("truncate", heading === words.session && WIDE_ONLY)}
            >
              {heading}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
        {seen.map(({ index, start }) => {
          const row = rowAt(view, index);
          if (row === undefined) return null;
          const slot = index % SLOTS;
          return (
            <GridRow
              key={slot}
              slot={slot}
              index={index}
              top={start - headPx}
              height={rowPx}
              row={row}
              isCurrent={row.key === current}
              isOfEvents={isOfEvents}
              isCard={isPhone}
              names={names}
              onSelect={onSelect}
            />
          );
        })}
      </div>
      {footer}
    </div>
  );
}

function headings(isOfEvents: boolean): readonly string[] {
  return isOfEvents
    ? [words.time, words.type, words.system, words.session, words.line]
    : [words.time, words.key, words.place, words.message];
}

function moveByArrows(event: KeyboardEvent, onMove: (step: number) => void): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  onMove(step);
}

/** Scrolled away from the top, the rows are held; back there, they follow again. */
function useFollowing(box: { current: HTMLDivElement | null }, list: LiveList, isKept: boolean): void {
  const latest = useRef(isKept);
  const settleNow = useRef<() => void>(undefined);
  useLayoutEffect(() => {
    latest.current = isKept;
    settleNow.current?.();
  }, [isKept]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let isPressed = false;
    const settle = () => {
      if (element.scrollTop > TOP_PX || latest.current) list.hold();
      else if (!isPressed) list.release();
    };
    settleNow.current = settle;
    const press = () => {
      isPressed = true;
    };
    // After the click, which may select a row and so keep them all.
    const letGo = () => {
      isPressed = false;
      requestAnimationFrame(settle);
    };
    settle();
    element.addEventListener("scroll", settle, { passive: true });
    element.addEventListener("pointerdown", press);
    window.addEventListener("pointerup", letGo);
    window.addEventListener("pointercancel", letGo);
    return () => {
      element.removeEventListener("scroll", settle);
      element.removeEventListener("pointerdown", press);
      window.removeEventListener("pointerup", letGo);
      window.removeEventListener("pointercancel", letGo);
    };
  }, [box, list]);
}

/** Rows looked at in search of the one that was at the top. */
const SEARCH_ROWS = 3_000;

/** What is put in above the rows in sight does not push them away. */
function useStaying(
  box: { current: HTMLDivElement | null },
  view: View,
  rowPx: number,
  headPx: number,
): void {
  const before = useRef<{ key: string; index: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const element = box.current;
    // Rows that follow the newest are not kept in their place; to ask where they are would lay the page out a second time.
    if (element === null || !view.isHeld) {
      before.current = undefined;
      return;
    }
    const last = before.current;
    if (last !== undefined && rowAt(view, last.index)?.key !== last.key) {
      const moved = distance(view, last);
      if (moved !== 0) element.scrollTop += moved * rowPx;
    }
    const index = Math.max(0, Math.floor((element.scrollTop - headPx) / rowPx));
    const row = rowAt(view, index);
    before.current = row && { key: row.key, index };
  });
}

function distance(view: View, from: { key: string; index: number }): number {
  for (let step = 1; step <= SEARCH_ROWS; step += 1) {
    if (rowAt(view, from.index + step)?.key === from.key) return step;
    if (rowAt(view, from.index - step)?.key === from.key) return -step;
  }
  return 0;
}
