import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { controlLook } from "./input";
import { itemLook, popupLook } from "./popup";

export interface SelectOption {
  value: string;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
}

export interface SelectProps {
  /** Its name for screen readers; in a <Field> the field's label is. */
  label: string;
  value: string;
  onChange(value: string): void;
  options: readonly SelectOption[];
  disabled?: boolean;
  className?: string;
}

/** One of a list. */
export function Select({ label, value, onChange, options, disabled, className }: SelectProps) {
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
    >
      <Base.Trigger
        aria-label={label}
        className={cx(
          controlLook,
          "flex h-control select-none items-center justify-between gap-2 px-2.5 text-start data-popup-open:border-muted",
          className,
        )}
      >
        <span className="min-w-0 truncate">
          <Base.Value>{(chosen: string) => labelOf(chosen, options)}</Base.Value>
        </span>
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-faint" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          sideOffset={4}
          collisionPadding={8}
          alignItemWithTrigger={false}
          className="z-60 outline-none"
        >
          <Base.Popup className={popupLook}>
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  label={option.label}
                  disabled={option.disabled}
                  className={itemLook}
                >
                  <OptionText option={option} />
                  <Base.ItemIndicator className="shrink-0 text-accent">
                    <Check aria-hidden="true" className="size-4" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function OptionText({ option }: { option: SelectOption }) {
  return (
    <span className="min-w-0 flex-1">
      <Base.ItemText className="block truncate">{option.label}</Base.ItemText>
      {option.hint && <span className="block text-12 text-muted">{option.hint}</span>}
    </span>
  );
}

/** What is chosen is shown even when it is none of the options any more. */
function labelOf(value: string, options: readonly SelectOption[]): string {
  return options.find((option) => option.value === value)?.label ?? value;
}
