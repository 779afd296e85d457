/**
 * The trail's entries below their days. Only what is near the screen is in the document, so a list of a hundred thousand
 * scrolls as one of ten. The page itself scrolls, not a box in it.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Badge, cx, Foreign, Time } from "@/ui";
import { type Entry, type Names, summary } from "./entry";
import { EntrySentence } from "./entry-sentence";
import { iconOf } from "./icons";
import type { Row } from "./rows";
import { words } from "./words";

const DAY_PX = 36;
const ENTRY_PX = 44;
const OVERSCAN_ROWS = 12;

interface Props {
  rows: readonly Row[];
  names: Names;
  selected: string | undefined;
  onOpen(entry: Entry): void;
}

export function EntryRows({ rows, names, selected, onOpen }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [scroller, offset] = useScroller(list);
  const virtualizer = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (at) => (rows[at]?.kind === "day" ? DAY_PX : ENTRY_PX),
    getItemKey: (at) => rows[at]?.key ?? at,
    overscan: OVERSCAN_ROWS,
    scrollMargin: offset,
  });

  // What J and K move to is brought into view; what is pressed is there already.
  const selectedAt = rows.findIndex((row) => row.kind === "entry" && row.entry.id === selected);
  useEffect(() => {
    if (selectedAt >= 0) virtualizer.scrollToIndex(selectedAt, { align: "auto" });
  }, [selectedAt, virtualizer]);

  return (
    <ol
      ref={list}
      aria-label={words.list}
      className="relative overflow-hidden rounded-8 border bg-surface"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        return (
          <li
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - offset}px)` }}
          >
            {row.kind === "day" ? (
              <h2 className="border-b bg-canvas px-4 py-2 font-medium text-12 text-muted">{row.label}</h2>
            ) : (
              <EntryRow
                of={row.entry}
                names={names}
                isSelected={row.entry.id === selected}
                isLast={item.index === rows.length - 1}
                onOpen={onOpen}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}

interface EntryRowProps extends Pick<Props, "names" | "onOpen"> {
  of: Entry;
  isSelected: boolean;
  isLast: boolean;
}

function EntryRow({ of, names, isSelected, isLast, onOpen }: EntryRowProps) {
  const Icon = iconOf(of.action);
  const changed = summary(of);
  return (
    <button
      type="button"
      aria-current={isSelected || undefined}
      onClick={() => onOpen(of)}
      className={cx(
        "flex min-h-11 w-full items-start gap-3 px-4 py-2.5 text-start text-muted transition-colors duration-75 hover:bg-raised focus-visible:-outline-offset-2",
        !isLast && "border-b",
        isSelected && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-faint" />
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <span className="min-w-0 max-w-full [overflow-wrap:anywhere]">
          <EntrySentence of={of} names={names} />{" "}
          {changed !== undefined && (
            <Foreign max={120} className="ms-2 text-12 text-faint">
              {changed}
            </Foreign>
          )}
          {of.result === "failure" && (
            <Badge tone="bad" className="ms-2 align-middle">
              {words.failed}
            </Badge>
          )}
        </span>
        <span className="flex shrink-0 items-baseline gap-3 text-12 text-faint">
          {of.address && <span className="hidden font-mono md:inline">{of.address}</span>}
          <Time value={of.at} style="time" />
        </span>
      </span>
    </button>
  );
}

/** What scrolls the page, and how far down in it the list begins. */
function useScroller(list: RefObject<HTMLElement | null>): [HTMLElement | null, number] {
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const found = list.current?.closest("main") ?? document.documentElement;
    setScroller(found);
    const begins = list.current?.getBoundingClientRect().top ?? 0;
    // After every drawing, since what is above may have grown; the same number draws nothing anew.
    setOffset(Math.round(begins - found.getBoundingClientRect().top + found.scrollTop));
  });
  return [scroller, offset];
}
