/** The session on a time axis. What it shows is in the list, too; here it is for eyes and a pointer. */
import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ReadRecord } from "@/events/record";
import { momentOf } from "@/lib/moments";
import { formatDuration } from "@/lib/numbers";
import { formatTime, formatUtc } from "@/lib/time";
import { Card, cx, EventTypeBadge, IconButton } from "@/ui";
import {
  dragged,
  LANES,
  type Lane,
  laneOf,
  type Mark,
  marksOf,
  type Span,
  spanOf,
  ticksOf,
  zoomed,
} from "./timeline";
import type { KnownGap } from "./use-gaps";
import { words } from "./words";

const LANE_PX = 32;
const AXIS_PX = 24;
const BAR_PX = 12;
const POINT_PX = 4.5;

const LOOK: Readonly<Record<Lane, string>> = {
  "ai.query": "text-type-query",
  "ai.response": "text-type-response",
  "ai.action": "text-type-action",
  "ai.decision": "text-type-decision",
  "ai.error": "text-type-error",
  other: "text-muted",
};

interface Props {
  records: readonly ReadRecord[];
  gaps: readonly KnownGap[];
  current: string | undefined;
  durationMs: number;
  onSelect(id: string): void;
}

export function TimelineView({ records, gaps, current, durationMs, onSelect }: Props) {
  const whole = useMemo(() => spanOf(records), [records]);
  const [zoom, setZoom] = useState<Span>();
  const window = zoom ?? whole;
  const lanes = useMemo(() => lanesOf(records), [records]);
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const origin = useMemo(() => momentOf(records[0]?.timestamp ?? "") ?? whole.from, [records, whole]);
  const marks = useMemo(() => marksOf(records, window, width), [records, window, width]);
  const drag = useDrag(plot, (from, to) => {
    const chosen = dragged(from, to, window, width);
    if (chosen !== undefined) setZoom(chosen);
  });
  const height = lanes.length * LANE_PX + AXIS_PX;
  const top = (lane: Lane) => lanes.indexOf(lane) * LANE_PX;
  return (
    <Card
      title={words.timeline}
      padded={false}
      actions={
        <>
          <IconButton
            icon={ZoomIn}
            size="sm"
            label={words.zoomIn}
            onClick={() => setZoom(zoomed(window, whole, 0.5))}
          />
          <IconButton
            icon={ZoomOut}
            size="sm"
            label={words.zoomOut}
            disabled={zoom === undefined}
            onClick={() => setZoom(zoomed(window, whole, 2))}
          />
          <IconButton
            icon={Maximize}
            size="sm"
            label={words.fit}
            disabled={zoom === undefined}
            onClick={() => setZoom(undefined)}
          />
        </>
      }
    >
      <div className="flex min-w-0 border-t">
        <div aria-hidden="true" className="w-28 shrink-0 border-e px-3 max-sm:hidden" style={{ height }}>
          {lanes.map((lane) => (
            <div key={lane} className="flex items-center" style={{ height: LANE_PX }}>
              <EventTypeBadge type={lane} />
            </div>
          ))}
        </div>
        <div
          ref={plot}
          className="relative min-w-0 flex-1 cursor-crosshair touch-pan-y select-none overflow-hidden"
          {...drag.handlers}
        >
          <svg
            role="img"
            aria-label={words.timelineSummary(records.length, formatDuration(durationMs))}
            width={width}
            height={height}
            className="block"
          >
            {lanes.map((lane, index) => (
              <line
                key={lane}
                x1={0}
                x2={width}
                y1={(index + 1) * LANE_PX}
                y2={(index + 1) * LANE_PX}
                className="stroke-line"
              />
            ))}
            {ticksOf(window, origin, width).map(({ x, sinceMs }) => (
              <g key={sinceMs}>
                <line x1={x} x2={x} y1={0} y2={height - AXIS_PX} className="stroke-line" />
                <text x={x} y={height - 8} textAnchor="middle" className="fill-faint text-11">
                  {sinceMs === 0 ? "0" : `${sinceMs > 0 ? "+" : "−"}${formatDuration(Math.abs(sinceMs))}`}
                </text>
              </g>
            ))}
            {gaps.map((gap) => (
              <GapMark
                key={`${gap.aiId}:${gap.from}`}
                gap={gap}
                window={window}
                width={width}
                height={height - AXIS_PX}
              />
            ))}
            {marks.map((mark) => (
              <MarkShape
                key={mark.id}
                mark={mark}
                top={top(mark.lane)}
                isCurrent={mark.id === current}
                onSelect={onSelect}
              />
            ))}
            {drag.from !== undefined && drag.to !== undefined && (
              <rect
                x={Math.min(drag.from, drag.to)}
                width={Math.abs(drag.to - drag.from)}
                y={0}
                height={height}
                className="fill-accent/15"
              />
            )}
          </svg>
        </div>
      </div>
      <p className="border-t px-4 py-2 text-12 text-faint max-sm:hidden">{words.zoomHint}</p>
    </Card>
  );
}

/** All five types, so that sessions look alike, and one for whatever else there is. */
function lanesOf(records: readonly ReadRecord[]): readonly Lane[] {
  return records.some(({ type }) => laneOf(type) === "other") ? [...LANES, "other"] : LANES;
}

interface MarkShapeProps {
  mark: Mark;
  top: number;
  isCurrent: boolean;
  onSelect(id: string): void;
}

function MarkShape({ mark, top, isCurrent, onSelect }: MarkShapeProps) {
  const middle = top + LANE_PX / 2;
  const look = cx("cursor-pointer fill-current", LOOK[mark.lane], isCurrent && "stroke-2 stroke-ink");
  const select = () => onSelect(mark.id);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list has the same by keyboard
    <g onClick={select}>
      <title>{titleOf(mark)}</title>
      {mark.isBar ? (
        <rect x={mark.x} y={middle - BAR_PX / 2} width={mark.width} height={BAR_PX} rx={2} className={look} />
      ) : (
        <circle cx={mark.x} cy={middle} r={mark.count > 1 ? POINT_PX + 1.5 : POINT_PX} className={look} />
      )}
    </g>
  );
}

function titleOf({ at, latencyMs, count }: Mark): string {
  const told = [formatTime(at, "time-ms"), formatUtc(at)];
  if (latencyMs !== undefined) told.push(formatDuration(latencyMs));
  if (count > 1) told.push(words.severalHere(count));
  return told.join(" · ");
}

interface GapMarkProps {
  gap: KnownGap;
  window: Span;
  width: number;
  height: number;
}

/** Where events are missing: between the two that are there. */
function GapMark({ gap, window, width, height }: GapMarkProps) {
  const ends = [momentOf(gap.after.timestamp), momentOf(gap.before.timestamp)];
  if (gap.state.kind !== "missing" || ends[0] === undefined || ends[1] === undefined) return null;
  const x = (((ends[0] + ends[1]) / 2 - window.from) / (window.to - window.from)) * width;
  if (!(x >= 0 && x <= width)) return null;
  return (
    <g className="text-warn">
      <title>{words.gapMissing(gap.from, gap.to, gap.state.lost)}</title>
      <line x1={x} x2={x} y1={0} y2={height} strokeDasharray="3 3" className="stroke-current" />
      <text x={x + 4} y={11} className="fill-current text-11">
        {words.gapShort(gap.state.lost)}
      </text>
    </g>
  );
}

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setWidth(element.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [box]);
  return width;
}

/** A pointer pulled across, from press to release; a click is none. */
function useDrag(box: { current: HTMLElement | null }, onDone: (from: number, to: number) => void) {
  const [from, setFrom] = useState<number>();
  const [to, setTo] = useState<number>();
  const latest = useRef(onDone);
  useEffect(() => {
    latest.current = onDone;
  });
  const placeOf = (event: PointerEvent) => event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
  const end = () => {
    setFrom(undefined);
    setTo(undefined);
  };
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button === 0 && event.pointerType !== "touch") setFrom(placeOf(event));
    },
    onPointerMove(event: PointerEvent) {
      if (from !== undefined) setTo(placeOf(event));
    },
    onPointerUp() {
      if (from !== undefined && to !== undefined) latest.current(from, to);
      end();
    },
    onPointerLeave: end,
  };
  return { from, to, handlers };
}
