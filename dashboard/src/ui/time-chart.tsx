/**
 * Values over time. The header tells those under the cursor, which the charts of a page may share (`syncKey`); dragging
 * chooses a time, a click opens a step. Everything of it is also a table, a file, a sentence, and there for the keyboard.
 */
import {
  type ComponentType,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { arriving } from "@/lib/connection";
import { formatUtc } from "@/lib/time";
import { type ChartSeries, csvRows, isEmpty, lastKnown, pointTime, tableRows } from "./chart-data";
import { ChartFrame, ChartTable } from "./chart-frame";
import { cx } from "./cx";
import { words } from "./data-words";
import { useSeen } from "./use-seen";
import { VisuallyHidden } from "./visually-hidden";

export type { ChartSeries } from "./chart-data";

export interface TimeChartProps {
  title: string;
  series: readonly ChartSeries[];
  /** Unix seconds, ascending: where each step begins. */
  times: readonly number[];
  unit(value: number): string;
  /** Labels of the axis, if they are to be shorter than what `unit` gives. */
  axis?(value: number): string;
  stacked?: boolean;
  height?: number;
  onSelectRange?(fromMs: number, toMs: number): void;
  onPointClick?(fromMs: number, toMs: number): void;
  /** Charts with the same key show the same moment. */
  syncKey?: string;
  /** What the chart shows, in a sentence, for those who cannot see it. */
  summary: string;
  /** What one has to know besides: a line below the chart. */
  note?: string;
  csvName: string;
}

/** What the canvas gets. */
export interface PlotProps extends Pick<TimeChartProps, "times" | "series" | "unit" | "axis" | "syncKey"> {
  onSelectRange: TimeChartProps["onSelectRange"];
  onPointClick: TimeChartProps["onPointClick"];
  stacked: boolean;
  height: number;
  label: string;
  describedBy: string;
  cursor: number;
  valueText: string;
  onCursor(index: number | null): void;
  onUndrawable(): void;
}

/** Stands for the canvas when its chunk did not come. */
function Undrawn({ onUndrawable }: PlotProps) {
  useEffect(onUndrawable, [onUndrawable]);
  return null;
}

const Plot = lazy<ComponentType<PlotProps>>(() => {
  return arriving(() => import("./time-chart-plot")).catch(() => ({ default: Undrawn }));
});

const SWATCHES = {
  1: "bg-series-1",
  2: "bg-series-2",
  3: "bg-series-3",
  4: "bg-series-4",
  5: "bg-series-5",
  6: "bg-series-6",
  7: "bg-series-7",
  8: "bg-series-8",
  good: "bg-good",
  bad: "bg-bad",
} as const;

/** As many characters as the longest of the values, so that nothing moves along with the cursor. */
function widest({ values }: ChartSeries, unit: (value: number) => string): number {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return 1;
  const ends = [
    known.reduce((a, b) => Math.min(a, b)),
    known.reduce((a, b) => Math.max(a, b)),
    known.at(-1) as number,
  ];
  return Math.max(...ends.map((value) => unit(value).length));
}

export function TimeChart(props: TimeChartProps) {
  const { title, series, times, unit, stacked = false, height = 224, summary, csvName } = props;
  const [isTable, setTable] = useState(false);
  const [isUndrawable, setUndrawable] = useState(false);
  const [pointed, setPointed] = useState<number | null>(null);
  const summaryId = useId();

  if (isEmpty(times, series)) {
    return (
      <ChartFrame title={title} csvName={csvName}>
        {/* As high as with the line of values. */}
        <p className="mt-[34px] grid place-items-center text-12 text-faint" style={{ height }}>
          {words.noData}
        </p>
      </ChartFrame>
    );
  }

  const cursor = pointed !== null && pointed < times.length ? pointed : lastKnown(times, series);
  const moment = pointTime(times[cursor] as number, times);
  const told = series.map(({ name, values }) => {
    const value = values[cursor];
    return { name, text: value == null || !Number.isFinite(value) ? words.missing : unit(value) };
  });
  const isShownAsTable = isTable || isUndrawable;
  const keys = [
    words.chartKeys,
    props.onPointClick !== undefined && words.chartKeysOpen,
    props.onSelectRange !== undefined && words.chartKeysZoom,
  ];

  return (
    <ChartFrame
      title={title}
      isTable={isShownAsTable}
      onTable={isUndrawable ? undefined : setTable}
      csvName={csvName}
      csvRows={() => csvRows(times, series, words.time)}
    >
      <p className="mt-0.5 flex flex-wrap items-baseline gap-x-4 gap-y-0.5 text-12">
        {series.map((one, index) => (
          <span key={index} className="inline-flex min-w-0 items-baseline gap-1.5">
            <span
              aria-hidden="true"
              className={cx("h-[3px] w-3 shrink-0 self-center rounded-full", SWATCHES[one.tone])}
            />
            <span className="min-w-0 break-words text-muted">{one.name}</span>
            <span className="font-medium text-ink" style={{ minWidth: `${widest(one, unit)}ch` }}>
              {told[index]?.text}
            </span>
          </span>
        ))}
        <span className="ms-auto text-faint" title={formatUtc((times[cursor] as number) * 1000)}>
          {moment}
        </span>
      </p>
      <VisuallyHidden id={summaryId}>
        {[summary, ...keys.filter(Boolean), props.note].join(" ")}
      </VisuallyHidden>
      {isUndrawable && <p className="mt-2 text-12 text-muted">{words.undrawable}</p>}
      {isShownAsTable ? (
        <ChartTable
          caption={`${title}. ${summary}`}
          columns={[words.time, ...series.map(({ name }) => name)]}
          rows={tableRows(times, series, unit, words.missing)}
          maxHeight={height}
        />
      ) : (
        <Seen height={height}>
          <Suspense fallback={null}>
            <Plot
              times={times}
              series={series}
              unit={unit}
              axis={props.axis}
              syncKey={props.syncKey}
              stacked={stacked}
              height={height}
              label={title}
              describedBy={summaryId}
              cursor={cursor}
              valueText={`${moment}: ${told.map(({ name, text }) => `${name} ${text}`).join(", ")}`}
              onCursor={setPointed}
              onSelectRange={props.onSelectRange}
              onPointClick={props.onPointClick}
              onUndrawable={() => setUndrawable(true)}
            />
          </Suspense>
        </Seen>
      )}
      {props.note !== undefined && <p className="mt-2 text-12 text-muted">{props.note}</p>}
    </ChartFrame>
  );
}

/** The plot's place; a canvas is drawn once somebody is about to see it. */
function Seen({ height, children }: { height: number; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(place);
  return (
    <div ref={place} className="mt-3" style={{ height }}>
      {isSeen && children}
    </div>
  );
}
