/** What a key may do: a purpose, or scope by scope, each explained. */
import { useId } from "react";
import { useSession } from "@/api";
import { SCOPE_TEXTS, SCOPES, type ScopeName } from "@/lib/scopes";
import { Checkbox, Segmented } from "@/ui";
import { mayGive, type Purpose, purposeOf, scopesFor, scopesToGive } from "./rules";
import { words } from "./words";

const PURPOSES = Object.entries(words.form.purposes).map(([value, label]) => ({ value, label }));

interface Props {
  value: ScopeName[];
  onChange(scopes: ScopeName[]): void;
  error: string | undefined;
}

export function ScopePicker({ value, onChange, error }: Props) {
  const { can } = useSession();
  const labelId = useId();
  const errorId = useId();
  const offered = scopesToGive(can);
  const withheld = SCOPES.filter((scope) => !mayGive(scope, can));

  function toggle(scope: ScopeName, isChosen: boolean): void {
    onChange(SCOPES.filter((one) => (one === scope ? isChosen : value.includes(one))));
  }

  return (
    <div
      role="group"
      aria-labelledby={labelId}
      aria-describedby={error === undefined ? undefined : errorId}
      {...(error !== undefined && { "data-wrong": "", tabIndex: -1 })}
      className="flex flex-col gap-2"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span id={labelId} className="text-13 font-medium text-ink">
          {words.form.scopes}
        </span>
        <Segmented
          label={words.form.purpose}
          value={purposeOf(value, can)}
          onChange={(purpose) => onChange(scopesFor(purpose as Purpose, can) ?? value)}
          options={PURPOSES}
        />
      </div>
      <div className="grid gap-x-4 gap-y-3 rounded-8 border border-line p-3 sm:grid-cols-2">
        {offered.map((scope) => (
          <Checkbox
            key={scope}
            checked={value.includes(scope)}
            onChange={(isChosen) => toggle(scope, isChosen)}
            label={
              <>
                {SCOPE_TEXTS[scope].label}{" "}
                <span className="font-mono text-11 font-normal text-faint">{scope}</span>
              </>
            }
            hint={SCOPE_TEXTS[scope].hint}
          />
        ))}
      </div>
      {withheld.length > 0 && (
        <p className="text-12 text-faint">{words.form.scopesWithheld(withheld.join(", "))}</p>
      )}
      {error !== undefined && (
        <p id={errorId} role="alert" className="text-12 text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
