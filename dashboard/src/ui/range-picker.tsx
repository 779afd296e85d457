/** Which time is looked at: a few that count back from now, or any that one gives. */
import { Popover } from "@base-ui/react/popover";
import { CalendarRange } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type Range, rangeName, resolveRange } from "@/lib/time";
import { fromField, offsetName, toField } from "@/lib/wall-clock";
import { Button } from "./button";
import { cx } from "./cx";
import { words } from "./data-words";
import { Field } from "./field";
import { Input } from "./input";
import { Segmented } from "./segmented";

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

/** What is wrong with a range, if anything; otherwise the range. */
export function readRange(from: string, to: string, zone?: string): { range: Range } | { fault: string } {
  const [begin, end] = [fromField(from, zone), fromField(to, zone)];
  if (begin === undefined || end === undefined) return { fault: words.bothNeeded };
  if (begin.getTime() >= end.getTime()) return { fault: words.wrongOrder };
  return { range: { from: begin.toISOString(), to: end.toISOString() } };
}

function CustomRange({ value, onChange }: Pick<RangePickerProps, "value" | "onChange">) {
  const [isOpen, setOpen] = useState(false);
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [fault, setFault] = useState<string>();
  const isCustom = !("preset" in value);

  function open(isOpening: boolean) {
    if (isOpening) {
      const shown = resolveRange(value, Date.now());
      // From the beginning of time on is nothing to begin with.
      const isAll = shown.from.getTime() === 0;
      setFrom(isAll ? "" : toField(shown.from));
      setTo(toField(shown.to));
      setFault(undefined);
    }
    setOpen(isOpening);
  }

  function apply(event: FormEvent) {
    event.preventDefault();
    // A portal is within its parent for React: the form around this one is not to be sent.
    event.stopPropagation();
    const read = readRange(from, to);
    if ("fault" in read) {
      setFault(read.fault);
      return;
    }
    setOpen(false);
    onChange(read.range);
  }

  const now = new Date();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Popover.Root open={isOpen} onOpenChange={open}>
      <Popover.Trigger
        render={
          <Button
            icon={CalendarRange}
            className={cx(
              "min-w-0 max-w-full shrink",
              isCustom && "bg-raised text-ink ring-1 ring-control ring-inset",
            )}
          >
            <span className="min-w-0 truncate">{isCustom ? rangeName(value) : words.custom}</span>
          </Button>
        }
      />
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" collisionPadding={8} className="z-60">
          <Popover.Popup
            aria-label={words.range}
            className="w-72 max-w-(--available-width) rounded-8 border border-line bg-popover p-4 text-13 text-ink shadow-popover outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            <form onSubmit={apply} noValidate className="flex flex-col gap-3">
              <Field label={words.from}>
                <Input
                  type="datetime-local"
                  value={from}
                  max={to}
                  onChange={(event) => setFrom(event.target.value)}
                />
              </Field>
              <Field label={words.to} error={fault}>
                <Input
                  type="datetime-local"
                  value={to}
                  min={from}
                  onChange={(event) => setTo(event.target.value)}
                />
              </Field>
              <p className="text-12 text-muted">{words.zone(zone, offsetName(now))}</p>
              <Button type="submit" variant="primary">
                {words.apply}
              </Button>
            </form>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
