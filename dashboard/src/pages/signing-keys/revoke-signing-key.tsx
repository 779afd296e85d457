/** `?revoke=NAME`: the end of a signing key, with its name typed. */
import { $api, invalidate } from "@/api";
import { ConfirmDialog, toast } from "@/ui";
import type { SigningKey } from "./rules";
import { words } from "./words";

export function RevokeSigningKey({ of, onClose }: { of: SigningKey; onClose(): void }) {
  const revocation = $api.useMutation("delete", "/api/v1/signing-keys/{key_id}");

  async function revoke(): Promise<void> {
    await revocation.mutateAsync({ params: { path: { key_id: of.key_id } } });
    void invalidate("/api/v1/signing-keys");
    toast.good(words.revoking.done(of.key_id));
  }

  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.revoking.title(of.key_id)}
      body={
        <>
          <p>{words.revoking.body}</p>
          {of.is_default && <p>{words.revoking.wasDefault}</p>}
        </>
      }
      action={words.revoking.action}
      typeToConfirm={of.key_id}
      danger
      onConfirm={revoke}
    />
  );
}
