import { useLocation, useNavigate } from "@tanstack/react-router";
import { PasswordSignIn } from "@/account/password-sign-in";
import { Providers } from "@/account/providers";
import { beginSessionAgain, queryClient } from "@/api";
import { Button, Dialog } from "@/ui";
import { words } from "../words";

/** The session ended while a page was open: one signs in over it and goes on where one was. */
export default function SessionExpired({ email, onSignedIn }: { email: string; onSignedIn(): void }) {
  const navigate = useNavigate();
  const { href } = useLocation();
  return (
    <Dialog
      open
      onClose={() => undefined}
      dismissible={false}
      size="sm"
      title={words.expired.title}
      description={words.expired.text}
    >
      {/* Who has no password leaves, and comes back to this page. */}
      <div className="mb-4 flex flex-col gap-4 empty:hidden">
        <Providers returnTo={href} />
      </div>
      <PasswordSignIn
        email={email}
        onSignedIn={() => {
          onSignedIn();
          beginSessionAgain();
          void queryClient.invalidateQueries();
        }}
      />
      <Button
        variant="ghost"
        className="mt-2 w-full"
        onClick={() => {
          queryClient.clear();
          void navigate({ to: "/login" });
        }}
      >
        {words.expired.elsewhere}
      </Button>
    </Dialog>
  );
}
