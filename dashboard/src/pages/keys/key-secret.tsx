/** A key, the one time that it is shown, and where it goes. */
import type { ReactNode } from "react";
import type { Schemas } from "@/api";
import { Code, Link, SecretDialog, Time } from "@/ui";
import { words } from "./words";

export interface ShownSecret {
  key: Schemas["ApiKeyWithSecret"];
  isNew: boolean;
}

export function KeySecret({ secret, onDone }: { secret: ShownSecret; onDone(): void }) {
  const { key, isNew } = secret;
  return (
    <SecretDialog
      open
      title={isNew ? words.secret.made : words.secret.rotated}
      secrets={[{ label: words.secret.label, value: key.key }]}
      note={words.secret.note}
      onDone={onDone}
    >
      <div className="flex flex-col gap-3 text-13 text-muted">
        <p>{words.secret.use}</p>
        <Code language="sh" copy wrap>
          {environment(key)}
        </Code>
        {!isNew && <p>{overlap(key)}</p>}
        {isNew && key.scopes.includes("events:write") && (
          <p>
            {words.secret.next} <Link to="/signing-keys">{words.secret.nextLink}</Link>
          </p>
        )}
      </div>
    </SecretDialog>
  );
}

function environment(key: Schemas["ApiKeyWithSecret"]): string {
  return `GAPIN_URL=${window.location.origin}\nGAPIN_API_KEY=${key.key}`;
}

function overlap(key: Schemas["ApiKeyWithSecret"]): ReactNode {
  if (!key.previous_valid_until) return words.secret.overlapNone;
  return (
    <>
      {words.secret.overlap} <Time value={key.previous_valid_until} style="datetime" />.
    </>
  );
}
