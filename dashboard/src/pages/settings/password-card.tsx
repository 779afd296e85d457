/** A new password for an old one; whoever has none, or lost it, gets a link by e-mail. */
import { Check, Circle } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, invalidate, type Schemas, useSession } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Callout, Card, Field, PasswordInput, Problem, toast, VisuallyHidden } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { type Rule, rulesOf } from "./password-rules";
import { told } from "./told";
import { useAction } from "./use-action";
import { words } from "./words";

const text = words.profile;

export function PasswordCard() {
  const { me } = useSession();
  return (
    <Card title={text.passwordTitle}>
      <div className="flex flex-col gap-4">
        {me.password_change_required && (
          <Callout tone="warn" title={text.passwordGiven}>
            {text.passwordGivenBody}
          </Callout>
        )}
        {me.user.has_password ? (
          <PasswordForm user={me.user} />
        ) : (
          <Callout tone="info" title={text.noPasswordTitle}>
            {text.noPassword}
          </Callout>
        )}
        <LinkByEmail email={me.user.email} hasPassword={me.user.has_password} />
      </div>
    </Card>
  );
}

function PasswordForm({ user }: { user: Schemas["Profile"] }) {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const { isBusy, error, run } = useAction();
  const [wasSent, setWasSent] = useState(false);
  const rules = rulesOf(password, current, user);
  const isGood = rules.every(({ isMet }) => isMet);
  const faults = formFaults(error, ["current", "password"], {
    invalid_credentials: { field: "current", text: text.currentWrong },
  });

  const wrongs = told({
    current: wasSent && current === "" ? text.currentMissing : faults.at["current"],
    password: wasSent && !isGood ? text.notGood : faults.at["password"],
  });
  const form = useFirstFault(wrongs);

  async function change(event: FormEvent) {
    event.preventDefault();
    setWasSent(true);
    if (current === "" || !isGood) return;
    await run(async () => {
      await api.POST("/me/password", { body: { current, password } });
      toast.good(text.changed);
      setCurrent("");
      setPassword("");
      setWasSent(false);
      await invalidate("/me");
    });
  }

  return (
    <form ref={form} onSubmit={change} noValidate className="flex max-w-96 flex-col gap-4">
      <p className="text-muted">{text.passwordHelp}</p>
      {/* Whose password it is: what a password manager keeps the new one under. */}
      <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
      <Field label={text.current} error={wrongs["current"]}>
        <PasswordInput
          name="current-password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <Field label={text.new} hint={<Rules rules={rules} isStrict={wasSent} />} error={wrongs["password"]}>
        <PasswordInput
          name="new-password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      {faults.rest !== undefined && <Problem error={faults.rest} />}
      <Button type="submit" variant="primary" busy={isBusy} className="self-start">
        {text.change}
      </Button>
    </form>
  );
}

/** What it needs, each with whether it has it; what is missing turns red once it was tried. */
function Rules({ rules, isStrict }: { rules: readonly Rule[]; isStrict: boolean }) {
  return (
    <>
      <span>{text.rules.title}</span>
      <ul className="mt-1 flex flex-col gap-0.5">
        {rules.map(({ text: rule, isMet }) => {
          const Icon = isMet ? Check : Circle;
          return (
            <li
              key={rule}
              className={`flex items-start gap-1.5 ${isMet ? "text-good" : isStrict ? "text-bad" : "text-muted"}`}
            >
              <Icon aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
              <span>
                {rule}
                <VisuallyHidden>{`, ${isMet ? text.rules.met : text.rules.notMet}`}</VisuallyHidden>
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function LinkByEmail({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  const { isBusy, error, run } = useAction();

  async function send() {
    await run(async () => {
      await api.POST("/auth/password/forgot", { body: { email } });
      toast.good(text.linkSent(email));
    });
  }

  return (
    <div className="flex flex-col items-start gap-2 border-line border-t pt-4">
      {hasPassword && <p className="text-12 text-muted">{text.forgot}</p>}
      {error !== undefined && <Problem error={error} />}
      <Button size="sm" onClick={() => void send()} busy={isBusy}>
        {text.sendLink}
      </Button>
    </div>
  );
}
