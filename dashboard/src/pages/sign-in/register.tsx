import { useState } from "react";
import { Address, AuthPage } from "@/account/auth-page";
import { NewPassword } from "@/account/new-password";
import { isGoodPassword } from "@/account/password-rules";
import { Providers } from "@/account/providers";
import { ApiProblem, api } from "@/api";
import { Button, Callout, Field, Input, Link } from "@/ui";
import { faultAt } from "./faults";
import { Terms } from "./terms";
import { words } from "./words";

export default function Register() {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [agrees, setAgrees] = useState(false);
  const [state, setState] = useState<"form" | "busy" | "sent">("form");
  const [error, setError] = useState<unknown>();
  const [isTried, setIsTried] = useState(false);

  async function submit() {
    setIsTried(true);
    if (!agrees || !isGoodPassword(password, { email, name })) return;
    setState("busy");
    setError(undefined);
    try {
      await api.POST("/auth/register", { body: { email: email.trim(), name: name.trim(), password } });
      setState("sent");
    } catch (caught) {
      setError(caught);
      setState("form");
    }
  }

  if (state === "sent") {
    return (
      <AuthPage title={words.register.sentTitle}>
        <p>
          <Address>{email}</Address>
        </p>
        <p className="text-13">{words.register.sent}</p>
        <p className="text-12 text-muted">{words.register.noMail}</p>
      </AuthPage>
    );
  }
  return (
    <AuthPage
      title={words.register.title}
      footer={
        <>
          {words.register.haveOne} <Link to="/login">{words.register.signIn}</Link>
        </>
      }
    >
      <Providers returnTo="/" />
      {error !== undefined && faultAt(error, "/email", "/name", "/password") === undefined && (
        <div role="alert">
          <Callout tone="bad">{textOf(error)}</Callout>
        </div>
      )}
      <form
        noValidate={false}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field label={words.name} error={faultAt(error, "/name")}>
          <Input
            name="name"
            autoComplete="name"
            required
            maxLength={128}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label={words.email} error={faultAt(error, "/email")}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            maxLength={254}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <NewPassword
          label={words.password}
          value={password}
          onChange={setPassword}
          person={{ email, name }}
          error={faultAt(error, "/password")}
        />
        <Terms agrees={agrees} onChange={setAgrees} isMissing={isTried && !agrees} />
        <Button type="submit" variant="primary" busy={state === "busy"}>
          {words.register.submit}
        </Button>
      </form>
    </AuthPage>
  );
}

function textOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return String(error);
  return error.code === "registration_closed" ? words.register.closed : error.detail;
}
