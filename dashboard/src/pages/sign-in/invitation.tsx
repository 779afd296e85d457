import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Address, AuthPage } from "@/account/auth-page";
import { NewPassword } from "@/account/new-password";
import { isGoodPassword } from "@/account/password-rules";
import { PasswordSignIn } from "@/account/password-sign-in";
import { $api, ApiProblem, api, csrfToken, queryClient, renewBefore } from "@/api";
import { Button, Callout, Field, Input, Segmented } from "@/ui";
import { faultAt } from "./faults";
import { useLinkToken } from "./link-token";
import { Terms } from "./terms";
import { words } from "./words";

export default function Invitation() {
  const token = useLinkToken();
  const [isSignedIn, setIsSignedIn] = useState(() => csrfToken() !== undefined);
  const [way, setWay] = useState("new");
  if (token === undefined) {
    return (
      <AuthPage title={words.invitation.title}>
        <Callout tone="warn">{words.invitation.noToken}</Callout>
      </AuthPage>
    );
  }
  if (isSignedIn) return <Accept token={token} onSignIn={() => setIsSignedIn(false)} />;
  return (
    <AuthPage title={words.invitation.title}>
      <p className="text-13 text-muted">{words.invitation.text}</p>
      <Segmented
        label={words.invitation.title}
        value={way}
        onChange={setWay}
        options={[
          { value: "new", label: words.invitation.isNew },
          { value: "known", label: words.invitation.hasAccount },
        ]}
      />
      {way === "new" ? <Join token={token} /> : <PasswordSignIn onSignedIn={() => setIsSignedIn(true)} />}
    </AuthPage>
  );
}

function useGoOn() {
  const navigate = useNavigate();
  return () => {
    queryClient.clear();
    void navigate({ to: "/", replace: true });
  };
}

/** Somebody who is signed in becomes a member, and the organisation is the one in use. */
function Accept({ token, onSignIn }: { token: string; onSignIn(): void }) {
  const me = $api.useQuery("get", "/me", {}, { retry: false });
  const goOn = useGoOn();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  async function accept() {
    setIsBusy(true);
    try {
      const { data } = await api.POST("/auth/invitations/accept", { body: { token } });
      if (data !== undefined) await api.POST("/me/organisation", { body: { org_id: data.id } });
      goOn();
    } catch (caught) {
      setError(caught);
      setIsBusy(false);
    }
  }
  return (
    <AuthPage title={words.invitation.title}>
      <p className="text-13 text-muted">{words.invitation.text}</p>
      {me.data !== undefined && (
        <p className="text-13">
          {words.invitation.as} <Address>{me.data.user.email}</Address>
        </p>
      )}
      {error !== undefined && (
        <div role="alert">
          <Callout tone="bad">{error instanceof ApiProblem ? error.detail : String(error)}</Callout>
        </div>
      )}
      <Button variant="primary" busy={isBusy} onClick={() => void accept()}>
        {words.invitation.accept}
      </Button>
      {error !== undefined && (
        <Button variant="ghost" onClick={onSignIn}>
          {words.invitation.wrongPerson}
        </Button>
      )}
    </AuthPage>
  );
}

/** Somebody new: account and membership are made at once, and they are signed in. */
function Join({ token }: { token: string }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [agrees, setAgrees] = useState(false);
  const [isTried, setIsTried] = useState(false);
  const goOn = useGoOn();
  const register = $api.useMutation("post", "/auth/register");
  const error: unknown = register.error;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setIsTried(true);
        if (!agrees || !isGoodPassword(password, { email, name })) return;
        register.mutate(
          { body: { email: email.trim(), name: name.trim(), password, invitation: token } },
          {
            onSuccess: (data) => {
              if (data !== undefined && "expires_in" in data) renewBefore(data.expires_in);
              goOn();
            },
          },
        );
      }}
    >
      {register.isError && faultAt(error, "/email", "/name", "/password") === undefined && (
        <div role="alert">
          <Callout tone="bad">{error instanceof ApiProblem ? error.detail : String(error)}</Callout>
        </div>
      )}
      <Field label={words.name} error={faultAt(error, "/name")}>
        <Input autoComplete="name" required value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={words.email} error={faultAt(error, "/email")}>
        <Input
          type="email"
          autoComplete="username"
          required
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
      <Button type="submit" variant="primary" busy={register.isPending}>
        {words.invitation.join}
      </Button>
    </form>
  );
}
