/** What is on or off, or one of a few: native controls in our clothes, so forms and keys work as everywhere. */
import { Check, Minus } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { cx } from "./cx";

export interface CheckboxProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange(checked: boolean): void;
  disabled?: boolean;
  /** Some of what it stands for is on. */
  indeterminate?: boolean;
  name?: string;
  className?: string;
}

export function Checkbox({ indeterminate = false, ...props }: CheckboxProps) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = indeterminate;
  }, [indeterminate]);
  const Mark = indeterminate ? Minus : Check;
  return (
    <OnOff {...props}>
      {(input) => (
        <span className="relative grid size-4 shrink-0 place-items-center">
          <input
            {...input}
            ref={ref}
            className="peer size-4 appearance-none rounded-4 border border-control bg-surface transition-colors duration-100 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:border-line disabled:bg-raised hover:enabled:not-checked:border-muted"
          />
          <Mark
            aria-hidden="true"
            strokeWidth={3}
            className="pointer-events-none absolute hidden size-3 text-on-accent peer-checked:block peer-indeterminate:block peer-disabled:text-faint"
          />
        </span>
      )}
    </OnOff>
  );
}

/** What holds from the moment that it is pressed. */
export function Switch(props: Omit<CheckboxProps, "indeterminate">) {
  return (
    <OnOff {...props}>
      {(input) => (
        <span className="relative inline-flex h-5 w-8 shrink-0 items-center">
          <input
            {...input}
            // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says itself whether it is checked
            role="switch"
            className="peer h-5 w-8 appearance-none rounded-full border border-control bg-raised transition-colors duration-150 checked:border-accent checked:bg-accent disabled:border-line disabled:bg-raised"
          />
          <span
            aria-hidden="true"
            className="pointer-events-none absolute start-[3px] size-3.5 rounded-full bg-control transition-transform duration-150 peer-checked:translate-x-3 peer-checked:bg-on-accent peer-disabled:bg-line"
          />
        </span>
      )}
    </OnOff>
  );
}

interface InputOfChoice {
  id: string;
  type: "checkbox";
  checked: boolean;
  disabled: boolean | undefined;
  name: string | undefined;
  onChange(event: { target: { checked: boolean } }): void;
  "aria-describedby": string | undefined;
}

type OnOffProps = Omit<CheckboxProps, "indeterminate"> & { children(input: InputOfChoice): ReactNode };

/** The box, its label, and a hint that describes it but is not its name. */
function OnOff({ label, hint, checked, onChange, disabled, name, className, children }: OnOffProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const input: InputOfChoice = {
    id,
    type: "checkbox",
    checked,
    disabled,
    name,
    onChange: (event) => onChange(event.target.checked),
    "aria-describedby": hint ? hintId : undefined,
  };
  return (
    <div className={cx("min-w-0", className)}>
      <label
        htmlFor={id}
        className={cx(
          "flex min-h-6 items-center gap-2.5 pointer-coarse:min-h-10",
          disabled ? "text-faint" : "text-ink",
        )}
      >
        {children(input)}
        <span className="min-w-0 break-words">{label}</span>
      </label>
      {hint && (
        <div id={hintId} className="ps-6.5 text-12 text-muted">
          {hint}
        </div>
      )}
    </div>
  );
}

export interface Option {
  value: string;
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
}

export interface RadioCardsProps {
  label: string;
  value: string;
  onChange(value: string): void;
  options: readonly Option[];
  className?: string;
}

/** One of a few that need a sentence each. */
export function RadioCards({ label, value, onChange, options, className }: RadioCardsProps) {
  const id = useId();
  return (
    <div role="radiogroup" aria-labelledby={id} className={cx("flex min-w-0 flex-col gap-1.5", className)}>
      <span id={id} className="font-medium text-13 text-ink">
        {label}
      </span>
      <div className="flex flex-col gap-2">
        {options.map((option) => (
          <RadioCard
            key={option.value}
            group={id}
            option={option}
            isChosen={option.value === value}
            onChoose={() => onChange(option.value)}
          />
        ))}
      </div>
    </div>
  );
}

interface RadioCardProps {
  group: string;
  option: Option;
  isChosen: boolean;
  onChoose(): void;
}

function RadioCard({ group, option, isChosen, onChoose }: RadioCardProps) {
  const id = useId();
  return (
    <label
      className={cx(
        "relative flex items-start gap-2.5 rounded-8 border border-control bg-surface p-3 transition-colors duration-100",
        "hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-disabled:border-line has-disabled:text-faint",
        "has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2",
      )}
    >
      <input
        type="radio"
        name={group}
        value={option.value}
        checked={isChosen}
        disabled={option.disabled}
        onChange={onChoose}
        aria-labelledby={id}
        aria-describedby={option.hint ? `${id}-hint` : undefined}
        className="mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-control bg-surface outline-none checked:border-[5px] checked:border-accent disabled:border-line"
      />
      <span className="min-w-0">
        <span id={id} className="block font-medium text-13">
          {option.label}
        </span>
        {option.hint && (
          <span id={`${id}-hint`} className="block text-12 text-muted">
            {option.hint}
          </span>
        )}
      </span>
    </label>
  );
}
