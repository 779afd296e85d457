/** Which time is looked at: a few that count back from now, or any that one gives. */
import { CalendarRange } from "lucide-react";
import { useRef, useState } from "react";
import { type Range, rangeName } from "@/lib/time";
import { Button } from "./button";
import { cx } from "./cx";
import { words } from "./data-words";
import { lazily } from "./lazily";
import { Segmented } from "./segmented";

// It comes once somebody wants it.
const RangePopup = lazily(() => import("./range-popup"), "RangePopup");

export type Preset = "1h" | "6h" | "24h" | "7d" | "30d" | "all";

export interface RangePickerProps {
  value: Range;
  onChange(range: Range): void;
  presets: readonly Preset[];
  /** Also from one moment to another. */
  custom?: boolean;
  label?: string;
  className?: string;
}

export function RangePicker({
  value,
  onChange,
  presets,
  custom = false,
  label = words.range,
  className,
}: RangePickerProps) {
  return (
    <div className={cx("flex min-w-0 max-w-full flex-wrap items-center gap-2", className)}>
      <Segmented
        label={label}
        value={"preset" in value ? value.preset : ""}
        onChange={(preset) => onChange({ preset })}
        options={presets.map((preset) => ({ value: preset, label: preset === "all" ? words.all : preset }))}
      />
      {custom && <CustomRange value={value} onChange={onChange} />}
    </div>
  );
}

function CustomRange({ value, onChange }: Pick<RangePickerProps, "value" | "onChange">) {
  const [isOpen, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const isCustom = !("preset" in value);
  return (
    <>
      <Button
        ref={trigger}
        icon={CalendarRange}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className={cx(
          "min-w-0 max-w-full shrink",
          isCustom && "bg-raised text-ink ring-1 ring-control ring-inset",
        )}
      >
        <span className="min-w-0 truncate">{isCustom ? rangeName(value) : words.custom}</span>
      </Button>
      {isOpen && (
        <RangePopup
          anchor={trigger}
          value={value}
          onChoose={(range) => {
            setOpen(false);
            onChange(range);
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
