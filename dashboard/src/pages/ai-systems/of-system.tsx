/** The AI system that the address names, loaded already or asked for. */
import type { ReactNode } from "react";
import { $api } from "@/api";
import { Dialog, Problem } from "@/ui";
import type { AiSystem } from "./rules";
import { words } from "./words";

interface Props {
  id: string | undefined;
  loaded: readonly AiSystem[];
  onClose(): void;
  children(system: AiSystem): ReactNode;
}

export function OfSystem({ id, loaded, onClose, children }: Props) {
  const known = loaded.find((system) => system.ai_id === id);
  const asked = $api.useQuery(
    "get",
    "/api/v1/ai-systems/{ai_id}",
    { params: { path: { ai_id: id ?? "" } } },
    { enabled: id !== undefined && known === undefined },
  );
  if (id === undefined) return null;
  const system = known ?? asked.data;
  if (system) return children(system);
  if (!asked.isError) return null;
  return (
    <Dialog open onClose={onClose} title={words.title} size="sm">
      <Problem error={asked.error} compact />
    </Dialog>
  );
}
