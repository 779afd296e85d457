/** The shape of a series in a line of text's height. No axes: it says how something goes, not how much it is. */
import { cx } from "./cx";

export interface SparklineProps {
  points: readonly number[];
  /** What a screen reader says in its place; empty where the words beside it say it. */
  label: string;
  tone?: "accent" | "good" | "bad";
  height?: number;
  className?: string;
}

const TONES = { accent: "text-series-1", good: "text-series-2", bad: "text-bad" };
const WIDTH = 240;
/** Room for the width of the line. */
const INSET = 2;

/** The path through the points; what is no number is a gap. */
export function sparkPath(points: readonly number[], width: number, height: number): string {
  const known = points.filter(Number.isFinite);
  if (points.length < 2 || known.length === 0) return "";
  const low = Math.min(...known);
  const high = Math.max(...known);
  const room = height - 2 * INSET;
  let isDrawing = false;
  let path = "";
  for (const [index, value] of points.entries()) {
    if (!Number.isFinite(value)) {
      isDrawing = false;
      continue;
    }
    const x = (index / (points.length - 1)) * width;
    // Nothing but one value is a line at the foot.
    const y = INSET + (high === low ? room : ((high - value) / (high - low)) * room);
    path += `${isDrawing ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDrawing = true;
  }
  return path;
}

export function Sparkline({ points, label, tone = "accent", height = 28, className }: SparklineProps) {
  return (
    <svg
      role={label === "" ? undefined : "img"}
      aria-label={label === "" ? undefined : label}
      aria-hidden={label === "" ? true : undefined}
      viewBox={`0 0 ${WIDTH} ${height}`}
      height={height}
      preserveAspectRatio="none"
      className={cx("block w-full overflow-visible", TONES[tone], className)}
    >
      <path
        d={sparkPath(points, WIDTH, height)}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
