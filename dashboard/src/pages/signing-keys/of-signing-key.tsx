/** The signing key that the address names, loaded already or asked for. */
import type { ReactNode } from "react";
import { $api } from "@/api";
import { Callout, Dialog, Problem } from "@/ui";
import type { SigningKey } from "./rules";
import { words } from "./words";

interface Props {
  name: string | undefined;
  loaded: readonly SigningKey[];
  /** It is to be changed, and a revoked one can't be. */
  isChange?: boolean;
  onClose(): void;
  children(key: SigningKey): ReactNode;
}

export function OfSigningKey({ name, loaded, isChange = false, onClose, children }: Props) {
  const known = loaded.find((key) => key.key_id === name);
  const asked = $api.useQuery(
    "get",
    "/api/v1/signing-keys/{key_id}",
    { params: { path: { key_id: name ?? "" } } },
    { enabled: name !== undefined && known === undefined },
  );
  if (name === undefined) return null;
  const key = known ?? asked.data;
  const isOver = isChange && key?.status === "revoked";
  if (key && !isOver) return children(key);
  if (!asked.isError && !isOver) return null;
  return (
    <Dialog open onClose={onClose} title={words.unusable} size="sm">
      {isOver ? (
        <Callout tone="info">{words.revokedAlready(name)}</Callout>
      ) : (
        <Problem error={asked.error} compact />
      )}
    </Dialog>
  );
}
