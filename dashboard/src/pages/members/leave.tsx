/** `?leave=1`: takes oneself out of the organisation. */
import { $api, useSession } from "@/api";
import { ConfirmDialog } from "@/ui";
import { words } from "./words";

export function Leave({ onClose }: { onClose(): void }) {
  const { organisation } = useSession();
  const leaving = $api.useMutation("post", "/api/v1/organisation/leave");

  async function leave(): Promise<void> {
    await leaving.mutateAsync({});
    // Nothing that was loaded is this person's to see any more: the page begins anew.
    window.location.assign("/");
  }

  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.leaving.title(organisation.name)}
      body={words.leaving.body}
      action={words.leaving.action}
      typeToConfirm={organisation.name}
      danger
      onConfirm={leave}
    />
  );
}
