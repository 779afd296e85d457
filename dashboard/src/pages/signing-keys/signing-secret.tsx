/** A signing secret, the one time that it is shown, and how to sign with it. */
import type { Schemas } from "@/api";
import { Code, SecretDialog, Time } from "@/ui";
import { lazily } from "@/ui/lazily";
import { environment } from "./rules";
import { words } from "./words";

export interface ShownSecret {
  key: Schemas["SigningKeyWithSecret"];
  isNew: boolean;
}

const Samples = lazily(() => import("./samples"), "Samples");

export function SigningSecret({ secret, onDone }: { secret: ShownSecret; onDone(): void }) {
  const { key, isNew } = secret;
  return (
    <SecretDialog
      open
      title={isNew ? words.secret.made : words.secret.rotated}
      secrets={[{ label: words.secret.label, value: key.secret }]}
      note={words.secret.note}
      onDone={onDone}
    >
      <div className="flex flex-col gap-3 text-13 text-muted">
        {!isNew && <Older of={key} />}
        <p>{words.secret.use}</p>
        <Code language="sh" copy wrap>
          {environment(key)}
        </Code>
        <p>{words.secret.keyId}</p>
        {isNew && <Samples />}
      </div>
    </SecretDialog>
  );
}

function Older({ of }: { of: Schemas["SigningKeyWithSecret"] }) {
  const until = of.versions[1]?.verify_until;
  if (!until || of.versions[1]?.status !== "active") return <p>{words.secret.olderNone}</p>;
  return (
    <p>
      {words.secret.older} <Time value={until} style="datetime" />.
    </p>
  );
}
