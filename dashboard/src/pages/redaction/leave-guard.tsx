import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "@/ui";
import { words } from "./words";

/** Asks before changes are lost by going elsewhere; what a dialog puts into the address goes nowhere. */
export function LeaveGuard({ unsaved }: { unsaved: number }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname,
    enableBeforeUnload: unsaved > 0,
    disabled: unsaved === 0,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      title={words.leaveTitle}
      body={words.leaveBody(unsaved)}
      action={words.leave}
      danger
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
