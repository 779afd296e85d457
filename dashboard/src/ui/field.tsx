import { Field as Base } from "@base-ui/react/field";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { words } from "./words";

export interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string;
  optional?: boolean;
  /** The control: Input, Textarea, PasswordInput, Select or MultiSelect. */
  children: ReactNode;
  className?: string;
}

/** A control with its label, what to know of it, and what is wrong with it; all three are tied to it. */
export function Field({ label, hint, error, optional = false, children, className }: FieldProps) {
  return (
    <Base.Root invalid={Boolean(error)} className={cx("flex min-w-0 flex-col gap-1.5", className)}>
      <span className="flex items-baseline justify-between gap-2">
        <Base.Label className="font-medium text-13 text-ink">{label}</Base.Label>
        {optional && (
          <Base.Description render={<span />} className="text-12 text-faint">
            {words.optional}
          </Base.Description>
        )}
      </span>
      {children}
      {error && (
        <Base.Error match role="alert" className="flex items-start gap-1.5 text-12 text-bad">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0 break-words">{error}</span>
        </Base.Error>
      )}
      {hint && (
        <Base.Description render={<div />} className="text-12 text-muted">
          {hint}
        </Base.Description>
      )}
    </Base.Root>
  );
}
