/** `?role=ID`: gives a member another role. */
import { useState } from "react";
import { $api, invalidate } from "@/api";
import { Button, Callout, Dialog, Problem, toast } from "@/ui";
import { RolePicker } from "./role-picker";
import type { Member, Viewer } from "./rules";
import { words } from "./words";

export function ChangeRole({ of, viewer, onClose }: { of: Member; viewer: Viewer; onClose(): void }) {
  const [role, setRole] = useState(of.role);
  const change = $api.useMutation("patch", "/users/{id}");

  async function submit(): Promise<void> {
    if (role === of.role) {
      toast.info(words.changing.unchanged);
      onClose();
      return;
    }
    const params = { path: { id: of.id } };
    const changed = await change.mutateAsync({ params, body: { role } }).catch(() => undefined);
    if (changed === undefined) return;
    await invalidate("/users");
    // With one's own role changes what the whole dashboard offers.
    if (of.id === viewer.id) void invalidate("/me");
    toast.good(words.changing.done(of.name, changed.role));
    onClose();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.changing.title(of.name)}
      dismissible={!change.isPending}
      size="sm"
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button variant="primary" busy={change.isPending} onClick={() => void submit()}>
            {words.changing.action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <RolePicker
          label={words.changing.role}
          giver={viewer.role}
          value={role}
          onChange={(next) => {
            setRole(next);
            change.reset();
          }}
        />
        {of.id === viewer.id && <Callout tone="warn">{words.changing.own}</Callout>}
        {change.error !== null && <Problem error={change.error} compact />}
      </div>
    </Dialog>
  );
}
