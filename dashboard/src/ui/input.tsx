import { Field } from "@base-ui/react/field";
import { Eye, EyeOff, type LucideIcon } from "lucide-react";
import { type ComponentProps, type ReactNode, useState } from "react";
import { cx } from "./cx";
import { IconButton } from "./icon-button";
import { words } from "./words";

/** What everything that is typed into or chosen from looks like. */
export const controlLook =
  "w-full min-w-0 rounded-6 border border-control bg-surface text-13 text-ink transition-colors duration-100 " +
  "hover:border-muted focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-focus " +
  "disabled:cursor-not-allowed disabled:border-line disabled:bg-raised disabled:text-faint " +
  "data-invalid:border-bad data-invalid:focus-visible:outline-bad pointer-coarse:text-16";

export interface InputProps extends ComponentProps<"input"> {
  icon?: LucideIcon;
  /** At the end of it: a unit, a key hint, a button. */
  trailing?: ReactNode;
}

export function Input({ icon: Icon, trailing, className, ...props }: InputProps) {
  const control = (
    <Field.Control
      {...props}
      className={cx(
        controlLook,
        "h-control px-2.5 read-only:bg-raised",
        Icon && "ps-8",
        trailing && "pe-9",
        className,
      )}
    />
  );
  if (!Icon && !trailing) return control;
  return (
    <span className="relative flex w-full min-w-0 items-center">
      {Icon && (
        <Icon aria-hidden="true" className="pointer-events-none absolute start-2.5 size-4 text-faint" />
      )}
      {control}
      {trailing && <span className="absolute end-1 flex items-center text-12 text-faint">{trailing}</span>}
    </span>
  );
}

export function Textarea({ className, rows = 4, ...props }: ComponentProps<"textarea">) {
  return (
    <Field.Control
      {...(props as object)}
      className={cx(controlLook, "block min-h-16 resize-y px-2.5 py-1.5 read-only:bg-raised", className)}
      render={<textarea rows={rows} />}
    />
  );
}

/** A password, which can be looked at. The caller says which by `autoComplete`. */
export function PasswordInput({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  const [isShown, setShown] = useState(false);
  const toggle = (
    <IconButton
      size="sm"
      icon={isShown ? EyeOff : Eye}
      label={isShown ? words.hidePassword : words.showPassword}
      onClick={() => setShown(!isShown)}
    />
  );
  return (
    <Input
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      {...props}
      type={isShown ? "text" : "password"}
      trailing={toggle}
      className={cx("pointer-coarse:pe-11", className)}
    />
  );
}
