/** One number that matters: how much, where it goes, and whether that is good. */
import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import { formatExact } from "@/lib/numbers";
import { cx } from "./cx";
import { HrefLink } from "./href-link";
import { Sparkline } from "./sparkline";
import { VisuallyHidden } from "./visually-hidden";

export interface TileChange {
  /** Against the time before, with its sign. */
  percent: number;
  /** The direction that is welcome. */
  good: "up" | "down";
}

export interface TileProps {
  label: string;
  value: string;
  unit?: string;
  change?: TileChange;
  points?: readonly number[];
  href?: string;
  /** A few words under the number, where there is no line to draw. */
  hint?: string;
}

/** Less than this is no change. */
const PERCENT_MIN = 0.05;

/** Whether a change is good, bad, or none. */
export function judge({ percent, good }: TileChange): "good" | "bad" | "same" {
  if (!Number.isFinite(percent) || Math.abs(percent) < PERCENT_MIN) return "same";
  return percent > 0 === (good === "up") ? "good" : "bad";
}

function changeText(percent: number): string {
  const size = Math.abs(percent);
  const digits = size >= 100 ? Math.round(size) : Math.round(size * 10) / 10;
  return size > 999 ? ">999%" : `${formatExact(digits)}%`;
}

function Change({ change }: { change: TileChange }) {
  const verdict = judge(change);
  const isUp = change.percent > 0;
  const Arrow = verdict === "same" ? ArrowRight : isUp ? ArrowUpRight : ArrowDownRight;
  const words = verdict === "same" ? "no change" : `${isUp ? "up" : "down"}, which is ${verdict}`;
  const colour = { good: "text-good", bad: "text-bad", same: "text-faint" }[verdict];
  return (
    <span
      title={
        verdict === "same" ? "As before" : verdict === "good" ? "Better than before" : "Worse than before"
      }
      className={cx("flex shrink-0 items-center gap-1 text-11 font-medium", colour)}
    >
      <Arrow aria-hidden="true" className="size-3.5" />
      {verdict === "same" ? "0%" : changeText(change.percent)}
      <VisuallyHidden>{words}</VisuallyHidden>
    </span>
  );
}

export function Tile({ label, value, unit, change, points, href, hint }: TileProps) {
  const isDrawn = points !== undefined && points.length > 1;
  const tone = change !== undefined && judge(change) === "bad" ? "bad" : "accent";
  return (
    <div
      className={cx(
        "relative flex min-w-0 flex-col rounded-8 border border-line bg-surface p-3 sm:p-4",
        href !== undefined &&
          "transition-colors hover:border-control has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:outline-offset-2",
      )}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-2">
        <p className="min-w-0 text-12 text-muted">
          {href === undefined ? (
            label
          ) : (
            // The link is the whole tile, though only its name is read.
            <HrefLink href={href} className="outline-none after:absolute after:inset-0 after:content-['']">
              {label}
            </HrefLink>
          )}
        </p>
        {change !== undefined && <Change change={change} />}
      </div>
      <p className="mt-0.5 flex min-w-0 flex-wrap items-baseline gap-x-1">
        <span className="text-20 font-semibold text-ink sm:text-26">{value}</span>
        {unit !== undefined && <span className="text-12 text-muted">{unit}</span>}
      </p>
      {isDrawn && <Sparkline points={points} label="" tone={tone} className="mt-2" />}
      {hint !== undefined && <p className="mt-1 text-11 text-faint">{hint}</p>}
    </div>
  );
}
