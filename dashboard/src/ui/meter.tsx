/** How much of something limited is used: a bar that turns as the end comes near. Its number is told beside it. */
import { cx } from "./cx";

export interface MeterProps {
  value: number;
  /** 0: there is none of it, so it is used up. */
  max: number;
  /** What is measured, for who does not see the bar. */
  label: string;
}

/** From this share on it is nearly used up. */
const NEAR = 0.8;

export function shareUsed(value: number, max: number): number {
  return max <= 0 ? 1 : Math.min(Math.max(value / max, 0), 1);
}

export function Meter({ value, max, label }: MeterProps) {
  const share = shareUsed(value, max);
  const tone = share >= 1 ? "bg-bad" : share >= NEAR ? "bg-warn" : "bg-accent";
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(value, max)}
      className="block h-1.5 w-full max-w-64 overflow-hidden rounded-full bg-raised"
    >
      <span className={cx("block h-full rounded-full", tone)} style={{ width: `${share * 100}%` }} />
    </span>
  );
}
