import { useNavigate } from "@tanstack/react-router";
import { PasswordSignIn } from "@/account/password-sign-in";
import { beginSessionAgain, queryClient } from "@/api";
import { Button, Dialog } from "@/ui";
import { words } from "../words";

/** The session ended while a page was open: one signs in over it and goes on where one was. */
export default function SessionExpired({ email, onSignedIn }: { email: string; onSignedIn(): void }) {
  const navigate = useNavigate();
  return (
    <Dialog
      open
      onClose={() => undefined}
      dismissible={false}
      size="sm"
      title={words.expired.title}
      description={words.expired.text}
    >
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
