/** The member that the address names, loaded already or asked for. */
import type { ReactNode } from "react";
import { $api } from "@/api";
import { Callout, Dialog, Problem } from "@/ui";
import type { Member } from "./rules";
import { words } from "./words";

interface Props {
  id: string | undefined;
  loaded: readonly Member[];
  /** Why it can't be done to them; `undefined` when it can. */
  refuse(member: Member): string | undefined;
  onClose(): void;
  children(member: Member): ReactNode;
}

export function OfMember({ id, loaded, refuse, onClose, children }: Props) {
  const known = loaded.find((member) => member.id === id);
  const asked = $api.useQuery(
    "get",
    "/users/{id}",
    { params: { path: { id: id ?? "" } } },
    { enabled: id !== undefined && known === undefined },
  );
  if (id === undefined) return null;
  const member = known ?? asked.data;
  const refusal = member && refuse(member);
  if (member && refusal === undefined) return children(member);
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
