import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { onSessionEnd, queryClient } from "@/api";
import { Button, Dialog } from "@/ui";
import { PasswordSignIn } from "@/account/password-sign-in";
import { words } from "../words";

/** The session ended while a page was open: one signs in over it and goes on where one was. */
export function SessionExpired({ email }: { email: string }) {
  const [isOver, setIsOver] = useState(false);
  const navigate = useNavigate();
  useEffect(() => onSessionEnd(() => setIsOver(true)), []);
  return (
    <Dialog
      open={isOver}
      onClose={() => undefined}
      dismissible={false}
      size="sm"
      title={words.expired.title}
      description={words.expired.text}
    >
      <PasswordSignIn
        email={email}
        onSignedIn={() => {
          setIsOver(false);
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
