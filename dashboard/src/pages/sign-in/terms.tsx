import { Checkbox } from "@/ui";
import { words } from "./words";

interface Props {
  agrees: boolean;
  onChange(agrees: boolean): void;
  /** Whether an account was asked for without. */
  isMissing: boolean;
}

/** Nobody has an account who did not agree to the terms. */
export function Terms({ agrees, onChange, isMissing }: Props) {
  return (
    <div>
      <Checkbox label={words.register.terms} checked={agrees} onChange={onChange} />
      {isMissing && (
        <p role="alert" className="mt-1 text-12 text-bad">
          {words.register.termsMissing}
        </p>
      )}
    </div>
  );
}
