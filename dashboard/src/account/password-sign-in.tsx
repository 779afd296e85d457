import { useState } from "react";
import { ApiProblem, api, csrfToken, renewBefore } from "@/api";
import { Button, Callout, Field, Input, PasswordInput } from "@/ui";
import { words } from "./words";

interface PasswordSignInProps {
  /** Given: it is this person who signs in, and no other. */
  email?: string;
  onSignedIn(): void;
  onEmail?(email: string): void;
}

/** The form with address and password. */
export function PasswordSignIn({ email: fixed, onSignedIn, onEmail }: PasswordSignInProps) {
  const [email, setEmail] = useState(fixed ?? "");
  const [password, setPassword] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();

  async function submit() {
    setIsBusy(true);
    setWrong(undefined);
    try {
      const { data } = await api.POST("/auth/login", { body: { email: email.trim(), password } });
      if (csrfToken() === undefined) return setWrong(words.noCookies);
      if (data !== undefined) renewBefore(data.expires_in);
      onSignedIn();
    } catch (error) {
      setWrong(textOf(error));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {wrong !== undefined && (
        <div role="alert">
          <Callout tone="bad">{wrong}</Callout>
        </div>
      )}
      <Field label={words.email}>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          required
          readOnly={fixed !== undefined}
          value={email}
          onChange={(event) => {
            setEmail(event.target.value);
            onEmail?.(event.target.value);
          }}
        />
      </Field>
      <Field label={words.password}>
        <PasswordInput
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" busy={isBusy}>
        {words.signIn}
      </Button>
    </form>
  );
}

function textOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return String(error);
  if (error.code === "invalid_credentials") return words.wrong;
  if (error.status === 429) return words.tooMany(error.retryAfterS);
  return error.detail;
}
