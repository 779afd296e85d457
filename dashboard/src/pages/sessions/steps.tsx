/** The events of a session in their order, with what is missing between them. Of many, those in sight are drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { TriangleAlert } from "lucide-react";
import { type KeyboardEvent, type Ref, useImperativeHandle, useMemo, useRef } from "react";
import type { ReadRecord } from "@/events/record";
import { SystemLabel } from "@/events/system-label";
import type { SystemNames } from "@/events/use-system-names";
import { momentOf } from "@/lib/moments";
import { formatDuration } from "@/lib/numbers";
import { headline } from "@/lib/story";
import { cut, visible } from "@/lib/text";
import { formatUtc } from "@/lib/time";
import { cx, EventTypeBadge, usePhone } from "@/ui";
import { latencyOf } from "./totals";
import type { KnownGap } from "./use-gaps";
import { words } from "./words";

export interface StepsHandle {
  show(id: string): void;
}

interface Props {
  records: readonly ReadRecord[];
  gaps: readonly KnownGap[];
  names: SystemNames;
  current: string | undefined;
  onSelect(id: string): void;
  onMove(step: number): void;
  ref: Ref<StepsHandle>;
}

type Item = { kind: "event"; record: ReadRecord } | { kind: "gap"; gap: KnownGap };

const EVENT_PX = 36;
const CARD_PX = 56;
const GAP_PX = 32;
const OVERSCAN = 10;
/** So high the list is at most; it is scrolled by itself. */
const HEIGHT = "max-h-[70dvh]";

export function Steps({ records, gaps, names, current, onSelect, onMove, ref }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const isPhone = usePhone();
  const items = useMemo(() => itemsOf(records, gaps), [records, gaps]);
  const eventPx = isPhone ? CARD_PX : EVENT_PX;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (items[index]?.kind === "gap" ? GAP_PX : eventPx),
    // Sizes are kept by key: of a gap that was found since, too.
    getItemKey: (index) => keyOf(items[index], isPhone),
    overscan: OVERSCAN,
  });
  useImperativeHandle(ref, () => ({
    show(id) {
      const index = items.findIndex((item) => item.kind === "event" && item.record.id === id);
      if (index !== -1) rows.scrollToIndex(index, { align: "auto" });
    },
  }));
  const origin = momentOf(records[0]?.timestamp ?? "") ?? 0;
  const hasSeveral = new Set(records.map(({ aiId }) => aiId)).size > 1;
  const seen = rows.getVirtualItems();
  const currentIndex = seen.find(({ index }) => {
    const item = items[index];
    return item?.kind === "event" && item.record.id === current;
  })?.index;
  return (
    <div
      ref={box}
      role="grid"
      tabIndex={0}
      aria-label={words.steps}
      aria-rowcount={items.length}
      aria-activedescendant={currentIndex === undefined ? undefined : stepId(currentIndex)}
      onKeyDown={(event) => moveByArrows(event, onMove)}
      className={cx("relative overflow-y-auto overscroll-contain focus-visible:-outline-offset-2", HEIGHT)}
    >
      <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
        {seen.map(({ index, start, size, key }) => {
          const item = items[index];
          if (item === undefined) return null;
          const place = { height: size, transform: `translateY(${start}px)` };
          return item.kind === "gap" ? (
            <GapRow key={key} index={index} gap={item.gap} place={place} />
          ) : (
            <EventRow
              key={key}
              index={index}
              record={item.record}
              place={place}
              sinceMs={(momentOf(item.record.timestamp) ?? origin) - origin}
              system={hasSeveral ? (item.record.aiId ?? "") : undefined}
              names={names}
              isCard={isPhone}
              isCurrent={item.record.id === current}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}

/** A gap stands before the event behind it. */
function itemsOf(records: readonly ReadRecord[], gaps: readonly KnownGap[]): Item[] {
  const before = new Map<string, KnownGap[]>();
  for (const gap of gaps) {
    // What other sessions have says nothing of this one.
    if (gap.state.kind === "elsewhere") continue;
    const others = before.get(gap.before.id);
    if (others === undefined) before.set(gap.before.id, [gap]);
    else others.push(gap);
  }
  return records.flatMap((record): Item[] => [
    ...(before.get(record.id) ?? []).map((gap): Item => ({ kind: "gap", gap })),
    { kind: "event", record },
  ]);
}

function keyOf(item: Item | undefined, isPhone: boolean): string {
  const form = isPhone ? "card" : "line";
  if (item === undefined) return form;
  return item.kind === "gap" ? `${form}:${item.gap.aiId}:${item.gap.from}` : `${form}:${item.record.id}`;
}

function stepId(index: number): string {
  return `step-${index}`;
}

function moveByArrows(event: KeyboardEvent, onMove: (step: number) => void): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  onMove(step);
}

interface Place {
  height: number;
  transform: string;
}

function GapRow({ index, gap, place }: { index: number; gap: KnownGap; place: Place }) {
  const { state, from, to } = gap;
  const isLost = state.kind === "missing";
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      style={place}
      className={cx(
        "absolute inset-x-0 top-0 flex items-center gap-2 border-b border-dashed px-4 text-12",
        isLost ? "bg-warn-soft text-warn" : "text-muted",
      )}
    >
      <div role="gridcell" className="flex min-w-0 items-center gap-2 truncate">
        {isLost && <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0" />}
        {isLost ? words.gapMissing(from, to, state.lost) : words.gapUnchecked(from, to)}
      </div>
    </div>
  );
}

interface EventRowProps {
  index: number;
  record: ReadRecord;
  place: Place;
  sinceMs: number;
  /** Where there are several. */
  system: string | undefined;
  names: SystemNames;
  isCard: boolean;
  isCurrent: boolean;
  onSelect(id: string): void;
}

const LINE_CHARS_MAX = 240;

function EventRow(props: EventRowProps) {
  const { index, record, place, sinceMs, system, names, isCard, isCurrent, onSelect } = props;
  const latency = latencyOf(record.event);
  const since = sinceMs === 0 ? "0" : `${sinceMs > 0 ? "+" : "−"}${formatDuration(Math.abs(sinceMs))}`;
  const line = <bdi>{cut(visible(headline(record.event)), LINE_CHARS_MAX)}</bdi>;
  const took = latency === undefined ? "" : formatDuration(latency);
  const isError = record.type === "ai.error";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid moves by keys and opens what is selected
    <div
      id={stepId(index)}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isCurrent}
      style={place}
      onClick={() => onSelect(record.id)}
      className={cx(
        "absolute inset-x-0 top-0 cursor-default border-b px-4 hover:bg-raised",
        isCard
          ? "flex flex-col justify-center gap-0.5"
          : "grid grid-cols-[5.5rem_5.5rem_minmax(0,1fr)_auto] items-center gap-x-3",
        isCurrent && "bg-accent-soft shadow-[inset_2px_0_0_var(--color-accent)] hover:bg-accent-soft",
      )}
    >
      {isCard ? (
        <>
          <div className="flex items-center gap-2">
            <span
              role="gridcell"
              title={formatUtc(record.timestamp)}
              className="font-mono text-12 text-muted"
            >
              {since}
            </span>
            <span role="gridcell">
              <EventTypeBadge type={record.type} />
            </span>
            <span role="gridcell" className="ms-auto text-12 text-faint">
              {took}
            </span>
          </div>
          <div role="gridcell" className={cx("truncate", isError && "text-bad")}>
            {line}
          </div>
        </>
      ) : (
        <>
          <div
            role="gridcell"
            title={formatUtc(record.timestamp)}
            className="truncate font-mono text-12 text-muted"
          >
            {since}
          </div>
          <div role="gridcell" className="truncate">
            <EventTypeBadge type={record.type} />
          </div>
          <div role="gridcell" className={cx("truncate", isError && "text-bad")}>
            {system !== undefined && (
              <span className="me-2 text-12 text-faint">
                <SystemLabel aiId={system} names={names} />
              </span>
            )}
            {line}
          </div>
          <div role="gridcell" className="text-end font-mono text-12 text-muted">
            {took}
          </div>
        </>
      )}
    </div>
  );
}
