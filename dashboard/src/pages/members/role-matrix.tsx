/** What each role may, scope by scope. */
import { Check, Minus } from "lucide-react";
import { Fragment } from "react";
import { scopesOf } from "@/api";
import { ROLES } from "@/lib/roles";
import { SCOPE_TEXTS, SCOPES } from "@/lib/scopes";
import { VisuallyHidden } from "@/ui";
import { words } from "./words";

export function RoleMatrix() {
  return (
    <div className="flex flex-col gap-4">
      <div className="relative overflow-x-auto rounded-8 border bg-surface">
        <table aria-label={words.matrix.label} className="w-full border-separate border-spacing-0 text-13">
          <thead>
            <tr>
              <th
                scope="col"
                className="h-9 border-b bg-canvas px-4 text-start font-medium text-12 text-muted"
              >
                {words.matrix.scope}
              </th>
              {ROLES.map((role) => (
                <th
                  key={role}
                  scope="col"
                  className="h-9 w-20 border-b bg-canvas px-1 text-center font-medium text-12 text-muted sm:w-24"
                >
                  {words.roles[role].label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {SCOPES.map((scope) => (
              <tr key={scope} className="group/row">
                <th
                  scope="row"
                  className="border-b px-4 py-2 text-start font-normal group-last/row:border-b-0"
                >
                  <span className="font-medium text-ink">{SCOPE_TEXTS[scope].label}</span>{" "}
                  <span className="font-mono text-11 text-faint">{scope}</span>
                  <span className="hidden text-12 text-muted sm:block">
                    {scope === "events:write" ? words.matrix.keysOnly : SCOPE_TEXTS[scope].hint}
                  </span>
                </th>
                {ROLES.map((role) => (
                  <td key={role} className="border-b px-1 text-center group-last/row:border-b-0">
                    <May may={scopesOf(role).includes(scope)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-12 text-muted">{words.matrix.rule}</p>
    </div>
  );
}

function May({ may }: { may: boolean }) {
  return (
    <Fragment>
      {may ? (
        <Check aria-hidden="true" className="inline size-4 text-good" />
      ) : (
        <Minus aria-hidden="true" className="inline size-4 text-faint" />
      )}
      <VisuallyHidden>{may ? words.matrix.yes : words.matrix.no}</VisuallyHidden>
    </Fragment>
  );
}
