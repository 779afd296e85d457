import { useState } from "react";
import { Address, AuthPage } from "@/account/auth-page";
import { $api, ApiProblem } from "@/api";
import { Button, Callout, Field, Input, Link } from "@/ui";
import { words } from "./words";

export default function ForgotPassword() {
  const [email, setEmail] = useState("");
  const ask = $api.useMutation("post", "/auth/password/forgot");
  const error: unknown = ask.error;
  const back = <Link to="/login">{words.forgot.back}</Link>;
  if (ask.isSuccess) {
    return (
      <AuthPage title={words.forgot.sentTitle} footer={back}>
        <p>
          <Address>{email}</Address>
        </p>
        <p className="text-13">{words.forgot.sent}</p>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={words.forgot.title} footer={back}>
      <p className="text-13 text-muted">{words.forgot.text}</p>
      {ask.isError && (
        <div role="alert">
          <Callout tone="bad">{error instanceof ApiProblem ? error.detail : String(error)}</Callout>
        </div>
      )}
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate({ body: { email: email.trim() } });
        }}
      >
        <Field label={words.email}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" busy={ask.isPending}>
          {words.forgot.submit}
        </Button>
      </form>
    </AuthPage>
  );
}
