/** `?remove=ID`: takes a member out of the organisation. */
import { $api, invalidate } from "@/api";
import { ConfirmDialog, toast } from "@/ui";
import type { Member } from "./rules";
import { words } from "./words";

export function RemoveMember({ of, onClose }: { of: Member; onClose(): void }) {
  const removal = $api.useMutation("delete", "/users/{id}");

  async function remove(): Promise<void> {
    await removal.mutateAsync({ params: { path: { id: of.id } } });
    void invalidate("/users");
    void invalidate("/api/v1/invitations");
    toast.good(words.removing.done(of.name));
  }

  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.removing.title(of.name)}
      body={
        <>
          <p>{words.removing.body}</p>
          <p className="mt-2">{words.removing.invitations}</p>
        </>
      }
      action={words.removing.action}
      typeToConfirm={of.email}
      danger
      onConfirm={remove}
    />
  );
}
