import { Check, Circle } from "lucide-react";
import { cx, Field, PasswordInput, VisuallyHidden } from "@/ui";
import { passwordRules } from "./password-rules";
import { words } from "./words";

interface NewPasswordProps {
  label: string;
  value: string;
  onChange(password: string): void;
  person: { email?: string; name?: string };
  error?: string | undefined;
}

/** A field for a new password that says what is missing while one types. */
export function NewPassword({ label, value, onChange, person, error }: NewPasswordProps) {
  return (
    <Field
      label={label}
      error={error}
      hint={
        <ul className="flex flex-col gap-0.5 text-ink">
          {passwordRules(value, person).map((rule) => (
            <li key={rule.text} className={cx("flex items-center gap-1.5", rule.isMet && "text-good")}>
              {rule.isMet ? (
                <Check aria-hidden="true" className="size-3.5" />
              ) : (
                <Circle aria-hidden="true" className="size-3.5" />
              )}
              {rule.text}
              <VisuallyHidden>: {rule.isMet ? words.rules.met : words.rules.missing}</VisuallyHidden>
            </li>
          ))}
        </ul>
      }
    >
      <PasswordInput
        name="new-password"
        autoComplete="new-password"
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
