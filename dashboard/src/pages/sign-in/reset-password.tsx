import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { AuthPage } from "@/account/auth-page";
import { NewPassword } from "@/account/new-password";
import { isGoodPassword } from "@/account/password-rules";
import { $api, ApiProblem } from "@/api";
import { Button, Callout, Link } from "@/ui";
import { faultAt } from "./faults";
import { useLinkToken } from "./link-token";
import { words } from "./words";

export default function ResetPassword() {
  const token = useLinkToken();
  const [password, setPassword] = useState("");
  const navigate = useNavigate();
  const reset = $api.useMutation("post", "/auth/password/reset");
  const error: unknown = reset.error;
  const again = <Link to="/forgot-password">{words.reset.again}</Link>;
  if (token === undefined) {
    return (
      <AuthPage title={words.reset.title} footer={again}>
        <Callout tone="warn">{words.reset.noToken}</Callout>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={words.reset.title} footer={again}>
      {reset.isError && faultAt(error, "/password") === undefined && (
        <div role="alert">
          <Callout tone="bad">{error instanceof ApiProblem ? error.detail : String(error)}</Callout>
        </div>
      )}
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isGoodPassword(password, {})) return;
          reset.mutate(
            { body: { token, password } },
            { onSuccess: () => void navigate({ to: "/login", search: { done: "reset" } as never }) },
          );
        }}
      >
        <NewPassword
          label={words.reset.password}
          value={password}
          onChange={setPassword}
          person={{}}
          error={faultAt(error, "/password")}
        />
        <Button type="submit" variant="primary" busy={reset.isPending}>
          {words.reset.submit}
        </Button>
      </form>
    </AuthPage>
  );
}
