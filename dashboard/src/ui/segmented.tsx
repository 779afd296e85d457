import { useId } from "react";
import { cx } from "./cx";

export interface SegmentedProps {
  label: string;
  value: string;
  onChange(value: string): void;
  options: readonly { value: string; label: string }[];
  className?: string;
}

/** One of a few short words, such as a range of time: a group of radio buttons, so the arrow keys choose. */
export function Segmented({ label, value, onChange, options, className }: SegmentedProps) {
  const group = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cx(
        "relative inline-flex h-control max-w-full shrink-0 items-stretch gap-0.5 overflow-x-auto rounded-6 border border-control bg-surface p-0.5",
        className,
      )}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="relative flex select-none items-center rounded-4 px-2.5 font-medium text-12 text-muted transition-colors duration-100 hover:text-ink has-checked:bg-raised has-checked:text-ink has-checked:ring-1 has-checked:ring-control has-checked:ring-inset has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:-outline-offset-1 forced-colors:has-checked:outline-1"
        >
          <input
            type="radio"
            name={group}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 appearance-none rounded-4 outline-none"
          />
          <span className="relative">{option.label}</span>
        </label>
      ))}
    </div>
  );
}
