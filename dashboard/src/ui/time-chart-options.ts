/** How uPlot is to draw a chart: a hairline grid, no frame, the cursor on the points, and nothing that it zooms by itself. */
import type uPlot from "uplot";
import { faded, resolveColours, toneVariable } from "./chart-colours";
import { axisTime, type ChartSeries, isolated, valueRange } from "./chart-data";

/** Shorter than this is a click and not a drag. */
export const DRAG_PX_MIN = 6;

const FONT_PX = 11;
const AXIS_X_HEIGHT = 26;
/** So that the charts of a page begin at the same place. */
const AXIS_Y_WIDTH_MIN = 44;
const LABEL_WIDTH = 76;
const LABEL_HEIGHT = 32;
const WHOLE = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map((factor) => factor * 10 ** power),
).flat();

export interface ChartShape {
  series: readonly Pick<ChartSeries, "tone" | "fill" | "name">[];
  stacked: boolean;
  /** All values are whole: so are the labels. */
  isWhole: boolean;
  syncKey: string | undefined;
  isZoomable: boolean;
}

export interface ChartReads {
  unit(value: number): string;
  onCursor(index: number | null): void;
  onSelect(plot: uPlot): void;
}

function palette(host: HTMLElement, { series }: ChartShape) {
  const colours: Record<string, string> = { faint: "var(--color-faint)", line: "var(--color-line)" };
  colours["surface"] = "var(--color-surface)";
  for (const [index, { tone }] of series.entries()) {
    const colour = toneVariable(tone);
    colours[`line-${index}`] = colour;
    colours[`top-${index}`] = faded(colour, 24);
    colours[`foot-${index}`] = faded(colour, 2);
    colours[`area-${index}`] = faded(colour, 50);
  }
  const resolved = resolveColours(host, colours);
  return (name: string) => resolved[name] ?? "";
}

type Fade = (plot: uPlot) => CanvasGradient | string;

function fading(top: string, foot: string): Fade {
  return ({ ctx, bbox }) => {
    if (!Number.isFinite(bbox.top + bbox.height)) return foot;
    const gradient = ctx.createLinearGradient(0, bbox.top, 0, bbox.top + bbox.height);
    gradient.addColorStop(0, top);
    gradient.addColorStop(1, foot);
    return gradient;
  };
}

function widthOf(plot: uPlot, labels: readonly string[] | null, index: number, turn: number): number {
  const axis = plot.axes[index] as uPlot.Axis & { _size?: number; font?: string | [string] };
  // From the second turn on it stays, or the two axes would make room for each other for ever.
  if (turn > 1 && axis._size !== undefined) return axis._size;
  const font = Array.isArray(axis.font) ? axis.font[0] : axis.font;
  if (font !== undefined) plot.ctx.font = font;
  const widest = (labels ?? []).reduce((most, label) => Math.max(most, plot.ctx.measureText(label).width), 0);
  return Math.max(AXIS_Y_WIDTH_MIN, Math.ceil(widest / devicePixelRatio) + 12);
}

function cursorOptions({ syncKey, isZoomable }: ChartShape, colour: (name: string) => string): uPlot.Cursor {
  const isMove = (type: string) => type === "mousemove" || type === "mouseleave";
  return {
    y: false,
    // The line stands on the point whose values are told.
    move: (plot, left, top) => {
      const at = left < 0 ? undefined : plot.data[0]?.[plot.posToIdx(left)];
      return at == null ? [left, top] : [plot.valToPos(at, "x"), top];
    },
    points: {
      size: 8,
      width: 2,
      stroke: () => colour("surface"),
      fill: (_, index) => colour(`line-${index - 1}`),
    },
    drag: { x: isZoomable, y: false, setScale: false, dist: DRAG_PX_MIN, click: () => {} },
    bind: { dblclick: () => null },
    ...(syncKey !== undefined && {
      sync: { key: syncKey, setSeries: false, filters: { pub: isMove, sub: isMove } },
    }),
  };
}

export function chartOptions(
  host: HTMLElement,
  shape: ChartShape,
  reads: ChartReads,
  size: { width: number; height: number },
): uPlot.Options {
  const colour = palette(host, shape);
  const axis = {
    stroke: colour("faint"),
    font: `${FONT_PX}px ${getComputedStyle(host).fontFamily}`,
    ticks: { show: false },
    border: { show: false },
  };
  return {
    ...size,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: cursorOptions(shape, colour),
    scales: {
      x: {
        time: true,
        // One point is in the middle, and not everywhere.
        range: (_, min, max) => (min === max ? [min - 30, max + 30] : [min, max]),
      },
      y: { range: (_, low, high) => valueRange(low, high) },
    },
    axes: [
      {
        ...axis,
        size: AXIS_X_HEIGHT,
        gap: 8,
        space: LABEL_WIDTH,
        grid: { show: false },
        values: (_, splits, __, ___, apart) => splits.map((seconds) => axisTime(seconds, apart)),
      },
      {
        ...axis,
        size: widthOf,
        gap: 8,
        space: LABEL_HEIGHT,
        grid: { stroke: colour("line"), width: 1 },
        values: (_, splits) => splits.map((value) => reads.unit(value)),
        ...(shape.isWhole && { incrs: WHOLE }),
      },
    ],
    series: [
      {},
      ...shape.series.map(({ fill }, index): uPlot.Series => {
        const line = colour(`line-${index}`);
        const area = shape.stacked
          ? colour(`area-${index}`)
          : fill === true
            ? fading(colour(`top-${index}`), colour(`foot-${index}`))
            : undefined;
        return {
          stroke: line,
          width: 1.5,
          ...(area !== undefined && { fill: area }),
          points: {
            show: false,
            size: 5,
            fill: line,
            filter: (plot) => {
              const alone = isolated((plot.data[index + 1] ?? []) as (number | null)[]);
              return alone.length > 0 ? alone : null;
            },
          },
        };
      }),
    ],
    bands: shape.stacked
      ? shape.series.slice(1).map((_, index): uPlot.Band => ({ series: [index + 2, index + 1] }))
      : [],
    hooks: {
      setCursor: [(plot) => reads.onCursor(plot.cursor.idx ?? null)],
      setSelect: [reads.onSelect],
    },
  };
}
