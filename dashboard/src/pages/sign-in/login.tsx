import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { AuthPage } from "@/account/auth-page";
import { PasswordSignIn } from "@/account/password-sign-in";
import { Providers } from "@/account/providers";
import { safeReturnTo } from "@/account/return-to";
import { csrfToken, queryClient } from "@/api";
import { optional, useUrlState } from "@/lib/url-state";
import { Callout, Link } from "@/ui";
import { words } from "./words";

export default function Login() {
  const [{ return_to: asked, done, refused, with: provider }] = useUrlState({
    return_to: optional(),
    done: optional(),
    refused: optional(),
    with: optional(),
  });
  const router = useRouter();
  const navigate = useNavigate();
  const returnTo = safeReturnTo(asked);
  useEffect(() => {
    // Who is signed in already goes on; whether they truly are, the page that they come to finds out.
    if (csrfToken() !== undefined && queryClient.getQueryState(["get", "/me", {}])?.status !== "error") {
      void navigate({ to: returnTo, replace: true });
    }
  }, [navigate, returnTo]);
  return (
    <AuthPage
      title={words.login.title}
      footer={
        <>
          {words.login.noAccount} <Link to="/register">{words.login.register}</Link>
        </>
      }
    >
      {done === "reset" && <Callout tone="good">{words.login.reset}</Callout>}
      {refused !== undefined && <Callout tone="warn">{words.login.refused(refused, provider)}</Callout>}
      <Providers returnTo={returnTo} />
      <PasswordSignIn
        onSignedIn={() => {
          queryClient.clear();
          router.history.replace(returnTo);
        }}
      />
      <Link to="/forgot-password" className="self-center text-13">
        {words.login.forgot}
      </Link>
    </AuthPage>
  );
}
