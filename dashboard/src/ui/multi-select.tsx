import { Combobox } from "@base-ui/react/combobox";
import { Check, ChevronDown, Search } from "lucide-react";
import { cx } from "./cx";
import { controlLook } from "./input";
import { itemLook, popupLook } from "./popup";
import type { SelectOption } from "./select";
import { words } from "./words";

export interface MultiSelectProps {
  label: string;
  values: readonly string[];
  onChange(values: string[]): void;
  options: readonly SelectOption[];
  /** What is shown while nothing is chosen, such as "All topics". */
  placeholder: string;
  disabled?: boolean;
  className?: string;
}

const NAMED_MAX = 2;

/** Any of a list, which is searched by typing. */
export function MultiSelect({
  label,
  values,
  onChange,
  options,
  placeholder,
  disabled,
  className,
}: MultiSelectProps) {
  const chosen = values.map(
    (value) => options.find((option) => option.value === value) ?? { value, label: value },
  );
  return (
    <Combobox.Root
      multiple
      items={options}
      value={chosen}
      onValueChange={(next: SelectOption[]) => onChange(next.map((option) => option.value))}
      isItemEqualToValue={(a: SelectOption, b: SelectOption) => a.value === b.value}
      disabled={disabled}
    >
      <Combobox.Trigger
        aria-label={label}
        className={cx(
          controlLook,
          "flex h-control select-none items-center justify-between gap-2 px-2.5 text-start data-popup-open:border-muted",
          className,
        )}
      >
        <span className={cx("min-w-0 truncate", chosen.length === 0 && "text-muted")}>
          {summaryOf(chosen, placeholder)}
        </span>
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-faint" />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-60 outline-none">
          <Combobox.Popup
            aria-label={label}
            className={cx(popupLook, "flex min-w-56 flex-col overflow-hidden p-0")}
          >
            <div className="relative flex items-center border-b">
              <Search aria-hidden="true" className="pointer-events-none absolute start-3 size-4 text-faint" />
              <Combobox.Input
                aria-label={`${words.filter}: ${label}`}
                placeholder={words.filter}
                className="h-9 w-full min-w-0 bg-transparent ps-9 pe-3 text-13 outline-none pointer-coarse:h-11 pointer-coarse:text-16"
              />
            </div>
            <Combobox.Empty className="px-3 py-2.5 text-muted empty:hidden">{words.noMatch}</Combobox.Empty>
            <Combobox.List className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-1 empty:hidden">
              {(option: SelectOption) => (
                <Combobox.Item
                  key={option.value}
                  value={option}
                  disabled={option.disabled}
                  className={itemLook}
                >
                  <span className="grid size-4 shrink-0 place-items-center rounded-4 border border-control">
                    <Combobox.ItemIndicator className="grid size-4 place-items-center rounded-4 bg-accent text-on-accent">
                      <Check aria-hidden="true" strokeWidth={3} className="size-3" />
                    </Combobox.ItemIndicator>
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{option.label}</span>
                    {option.hint && <span className="block text-12 text-muted">{option.hint}</span>}
                  </span>
                </Combobox.Item>
              )}
            </Combobox.List>
            {chosen.length > 0 && (
              <div className="border-t p-1">
                <button
                  type="button"
                  onClick={() => onChange([])}
                  className={cx(itemLook, "w-full text-muted hover:bg-raised hover:text-ink")}
                >
                  {words.clear}
                </button>
              </div>
            )}
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

function summaryOf(chosen: readonly SelectOption[], placeholder: string): string {
  if (chosen.length === 0) return placeholder;
  if (chosen.length <= NAMED_MAX) return chosen.map((option) => option.label).join(", ");
  return words.selected(chosen.length);
}
