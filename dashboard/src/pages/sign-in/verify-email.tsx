import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { AuthPage } from "@/account/auth-page";
import { ApiProblem, api, queryClient, renewBefore } from "@/api";
import { Callout, Link, Spinner } from "@/ui";
import { useLinkToken } from "./link-token";
import { words } from "./words";

/** One request for a token, however often the page is drawn: it is good once. */
const asked = new Map<string, Promise<unknown>>();

function verify(token: string): Promise<unknown> {
  let answer = asked.get(token);
  if (answer === undefined) {
    answer = api.POST("/auth/verify-email", { body: { token } }).then(({ data }) => {
      if (data !== undefined) renewBefore(data.expires_in);
    });
    asked.set(token, answer);
  }
  return answer;
}

export default function VerifyEmail() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (token === undefined) return setError(words.verify.failed);
    let isGone = false;
    verify(token).then(
      () => {
        if (isGone) return;
        queryClient.clear();
        void navigate({ to: "/", replace: true });
      },
      (caught: unknown) => {
        if (isGone) return;
        const isOver = caught instanceof ApiProblem && caught.code === "invalid_one_time_token";
        setError(isOver || !(caught instanceof ApiProblem) ? words.verify.failed : caught.detail);
      },
    );
    return () => {
      isGone = true;
    };
  }, [token, navigate]);
  return (
    <AuthPage title={words.verify.title} footer={<Link to="/login">{words.verify.signIn}</Link>}>
      {error === undefined ? (
        <p className="flex items-center gap-2 text-13 text-muted">
          <Spinner /> {words.verify.working}
        </p>
      ) : (
        <>
          <div role="alert">
            <Callout tone="bad">{error}</Callout>
          </div>
          <Link to="/register">{words.verify.again}</Link>
        </>
      )}
    </AuthPage>
  );
}
