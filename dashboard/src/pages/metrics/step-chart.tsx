/** A chart of steps: the part that is zoomed to, with a crosshair that all charts of the page share. */

import { greatest, lastKnown, type Span, type Step, timesOf } from "@/lib/steps";
import { formatTime } from "@/lib/time";
import { TimeChart } from "@/ui";
import { words } from "./words";
import { shownSteps } from "./zoom";

export interface Line {
  name: string;
  values: (number | null)[];
  tone: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | "good" | "bad";
  fill?: boolean;
}

/** What the charts of the page have in common. */
export interface Shared {
  zoom: Span | undefined;
  onZoom(zoom: Span): void;
  onOpen(span: Span): void;
}

interface Props extends Shared {
  title: string;
  steps: { step_s: number; series: readonly Step[] };
  lines: Line[];
  unit(value: number): string;
  csvName: string;
  /** Whether there are events behind its points. */
  opens?: boolean;
  /** A line below the chart. */
  note?: string;
  height?: number;
}

const DAY_S = 86_400;

export function StepChart({
  title,
  steps,
  lines,
  unit,
  csvName,
  opens = true,
  note,
  height,
  zoom,
  onZoom,
  onOpen,
}: Props) {
  const all = timesOf(steps.series);
  const { begin, end } = shownSteps(all, steps.step_s, zoom);
  const times = all.slice(begin, end);
  const series = lines.map((line) => ({ ...line, values: line.values.slice(begin, end) }));
  return (
    <TimeChart
      title={title}
      series={series}
      times={times}
      unit={unit}
      note={note}
      height={height}
      syncKey="metrics"
      csvName={csvName}
      summary={summaryOf(title, times, steps.step_s, series[0], unit)}
      // A selection ends where its last step begins.
      onSelectRange={(fromMs, toMs) => onZoom({ fromMs, toMs: toMs + steps.step_s * 1000 })}
      onPointClick={opens ? (fromMs, toMs) => onOpen({ fromMs, toMs }) : undefined}
    />
  );
}

function summaryOf(
  title: string,
  times: readonly number[],
  stepS: number,
  line: Line | undefined,
  unit: (value: number) => string,
): string {
  const [first, last] = [times[0] ?? 0, (times.at(-1) ?? 0) + stepS];
  const style = last - first > DAY_S ? "datetime" : "time";
  const [from, to] = [first, last].map((at) => formatTime(new Date(at * 1000), style));
  const told = (value: number | undefined) => (value === undefined ? undefined : unit(value));
  const values = line?.values ?? [];
  const name = line === undefined || line.name === title ? title : `${title}, ${line.name}`;
  return words.summary(name, from ?? "", to ?? "", told(lastKnown(values)), told(greatest(values)));
}
