/** The key that the address names, loaded already or asked for; what is shown of it is the caller's. */
import type { ReactNode } from "react";
import { $api } from "@/api";
import { Callout, Dialog, Problem } from "@/ui";
import type { ApiKey } from "./rules";
import { words } from "./words";

interface Props {
  id: string | undefined;
  loaded: readonly ApiKey[];
  /** Why it can't be done to this key; `undefined` when it can. */
  refuse?(key: ApiKey): string | undefined;
  onClose(): void;
  children(key: ApiKey): ReactNode;
}

export function OfKey({ id, loaded, refuse, onClose, children }: Props) {
  const known = loaded.find((key) => key.id === id);
  const asked = $api.useQuery(
    "get",
    "/api/v1/keys/{id}",
    { params: { path: { id: id ?? "" } } },
    { enabled: id !== undefined && known === undefined },
  );
  if (id === undefined) return null;
  const key = known ?? asked.data;
  const refusal = key && refuse?.(key);
  if (key && refusal === undefined) return children(key);
  if (!asked.isError && refusal === undefined) return null;
  return (
    <Dialog open onClose={onClose} title={words.unusable} size="sm">
      {refusal === undefined ? (
        <Problem error={asked.error} compact />
      ) : (
        <Callout tone="info">{refusal}</Callout>
      )}
    </Dialog>
  );
}
