/** The canvas of a chart. It comes in a chunk of its own, with uPlot: a page without charts does not load it. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import { useThemeVersion } from "./chart-colours";
import { drawn, stepRange } from "./chart-data";
import type { PlotProps } from "./time-chart";
import { type ChartReads, type ChartShape, chartOptions, DRAG_PX_MIN } from "./time-chart-options";
import "./time-chart.css";

const AWAY = { left: -10, top: -10 };
const NOTHING = { left: 0, top: 0, width: 0, height: 0 };

/** What is selected by keyboard: the point where it began. */
type Anchor = { current: number | undefined };

function select(plot: uPlot, from: number, to: number): void {
  const [low, high] = from < to ? [from, to] : [to, from];
  const left = plot.valToPos(plot.data[0]?.[low] ?? 0, "x");
  const right = plot.valToPos(plot.data[0]?.[high] ?? 0, "x");
  plot.setSelect({ left, top: 0, width: right - left, height: plot.over.clientHeight }, false);
}

function report(plot: uPlot, { times, onSelectRange }: PlotProps): void {
  const { left, width } = plot.select;
  const from = times[plot.posToIdx(left)];
  const to = times[plot.posToIdx(left + width)];
  plot.setSelect(NOTHING, false);
  if (from !== undefined && to !== undefined && from < to) onSelectRange?.(from * 1000, to * 1000);
}

/** A press that did not become a drag. On touch the first one shows the values of a point, the second opens it. */
function listenForClicks(plot: uPlot, latest: () => PlotProps): void {
  let pressedAt = 0;
  let touched: number | null = null;
  plot.over.addEventListener("pointerdown", (event) => {
    pressedAt = event.clientX;
  });
  plot.over.addEventListener("click", (event) => {
    if (Math.abs(event.clientX - pressedAt) >= DRAG_PX_MIN) return;
    // Not from the cursor: where another chart had the focus, the press has just taken its cursor away, and this one's with it.
    const index = plot.posToIdx(event.clientX - plot.over.getBoundingClientRect().left);
    const isFirstTouch = (event as PointerEvent).pointerType === "touch" && touched !== index;
    touched = index;
    const { times, onPointClick } = latest();
    const range = stepRange(times, index);
    if (!isFirstTouch && range !== undefined) onPointClick?.(...range);
  });
}

const MOVES: Record<string, (at: number, count: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowDown: (at) => at - 1,
  ArrowUp: (at) => at + 1,
  PageDown: (at, count) => at - Math.ceil(count / 10),
  PageUp: (at, count) => at + Math.ceil(count / 10),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Moves the cursor, selects, opens. Returns whether the key was one of these. */
function press(event: KeyboardEvent, plot: uPlot, anchor: Anchor, props: PlotProps): boolean {
  const { times, onSelectRange, onPointClick } = props;
  const at = plot.cursor.idx ?? undefined;
  const move = MOVES[event.key];
  if (move !== undefined && !event.metaKey && !event.ctrlKey && !event.altKey) {
    // The first key shows the last point, the others go from there.
    const next =
      at === undefined && event.key.startsWith("Arrow") ? times.length - 1 : move(at ?? 0, times.length);
    const index = Math.min(times.length - 1, Math.max(0, next));
    const left = plot.valToPos(times[index] ?? 0, "x");
    const top = plot.over.clientHeight / 2;
    // The third argument, which its types leave out, tells the other charts.
    (plot.setCursor as (at: object, fire: boolean, tell: boolean) => void)({ left, top }, true, true);
    const isSelecting = event.shiftKey && onSelectRange !== undefined;
    anchor.current = isSelecting ? (anchor.current ?? at ?? index) : undefined;
    if (anchor.current === undefined) plot.setSelect(NOTHING, false);
    else select(plot, anchor.current, index);
    return true;
  }
  if (event.key === "Enter" && anchor.current !== undefined) {
    anchor.current = undefined;
    report(plot, props);
    return true;
  }
  if (event.key === "Enter" && at !== undefined && onPointClick !== undefined) {
    const range = stepRange(times, at);
    if (range !== undefined) onPointClick(...range);
    return true;
  }
  if (event.key === "Escape" && (at !== undefined || anchor.current !== undefined)) {
    leave(plot, anchor);
    return true;
  }
  return false;
}

function leave(plot: uPlot, anchor: Anchor): void {
  anchor.current = undefined;
  plot.setSelect(NOTHING, false);
  (plot.setCursor as (at: object, fire: boolean, tell: boolean) => void)(AWAY, true, true);
}

export default function TimeChartPlot(props: PlotProps) {
  const { times, series, stacked, syncKey, height } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const anchor = useRef<number>(undefined);
  const latest = useRef(props);
  /** What the plot that is there was given last. */
  const given = useRef<unknown[]>([]);
  const theme = useThemeVersion();
  useLayoutEffect(() => {
    latest.current = props;
  });

  const shape = JSON.stringify({
    series: series.map(({ name, tone, fill }) => ({ name, tone, fill })),
    stacked,
    isWhole: series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value))),
    syncKey,
    isZoomable: props.onSelectRange !== undefined,
  } satisfies ChartShape);

  // Built anew when it has to look different; new values alone go into the one that is there.
  useLayoutEffect(() => {
    const box = host.current;
    if (box === null) return undefined;
    const reads: ChartReads = {
      unit: (value) => (latest.current.axis ?? latest.current.unit)(value),
      onCursor: (index) => latest.current.onCursor(index),
      onSelect: (made) => report(made, latest.current),
    };
    if (document.createElement("canvas").getContext("2d") === null) {
      latest.current.onUndrawable();
      return undefined;
    }
    const size = { width: box.clientWidth, height: box.clientHeight };
    const { times: x, series: y, stacked: isStacked } = latest.current;
    const options = chartOptions(box, JSON.parse(shape) as ChartShape, reads, size);
    const made = new uPlot(options, [x as number[], ...drawn(x, y, isStacked)], box);
    plot.current = made;
    given.current = [x, y, isStacked];
    listenForClicks(made, () => latest.current);

    const observer = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = box;
      if (clientWidth === made.width && clientHeight === made.height) return;
      made.setSize({ width: clientWidth, height: clientHeight });
    });
    observer.observe(box);
    let isGone = false;
    // The labels are measured again once their font is there.
    void document.fonts?.ready.then(() => {
      if (!isGone) made.redraw(false, true);
    });
    return () => {
      isGone = true;
      plot.current = undefined;
      observer.disconnect();
      made.destroy();
    };
  }, [shape, theme]);

  useEffect(() => {
    const made = plot.current;
    const isGiven = [times, series, stacked].every((part, index) => part === given.current[index]);
    if (made === undefined || isGiven) return;
    given.current = [times, series, stacked];
    made.setData([times as number[], ...drawn(times, series, stacked)]);
  }, [times, series, stacked]);

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, times.length - 1)}
      aria-valuenow={props.cursor}
      aria-valuetext={props.valueText}
      onKeyDown={(event) => {
        if (plot.current !== undefined && press(event, plot.current, anchor, latest.current))
          event.preventDefault();
      }}
      onBlur={() => {
        if (plot.current !== undefined) leave(plot.current, anchor);
      }}
      ref={host}
      style={{ height }}
      className={`relative w-full overflow-hidden rounded-4 ${props.onPointClick === undefined ? "" : "[&_.u-over]:cursor-pointer"}`}
    />
  );
}
