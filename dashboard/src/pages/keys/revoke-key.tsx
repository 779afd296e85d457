/** `?revoke=ID`: the end of a key, with its name typed. */
import { $api, invalidate } from "@/api";
import { ConfirmDialog, Time, toast } from "@/ui";
import type { ApiKey } from "./rules";
import { words } from "./words";

export function RevokeKey({ of, onClose }: { of: ApiKey; onClose(): void }) {
  const revocation = $api.useMutation("delete", "/api/v1/keys/{id}");

  async function revoke(): Promise<void> {
    await revocation.mutateAsync({ params: { path: { id: of.id } } });
    void invalidate("/api/v1/keys");
    toast.good(words.revoking.done(of.name));
  }

  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.revoking.title(of.name)}
      body={
        <>
          <p>{words.revoking.body}</p>
          <p>
            {of.last_used_at ? (
              <>
                {words.revoking.lastUsed}
                <Time value={of.last_used_at} />.
              </>
            ) : (
              words.revoking.neverUsed
            )}
          </p>
        </>
      }
      action={words.revoking.action}
      typeToConfirm={of.name}
      danger
      onConfirm={revoke}
    />
  );
}
