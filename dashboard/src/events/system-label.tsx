/** An AI system by its name, or by the beginning of its id where it has none. */
import { cut, visible } from "@/lib/text";
import type { SystemNames } from "./use-system-names";

const NAME_CHARS_MAX = 80;
/** Enough to tell the systems of an organisation apart. */
const ID_CHARS = 8;

export function SystemLabel({ aiId, names }: { aiId: string; names: SystemNames }) {
  const name = names.get(aiId.toLowerCase());
  if (name !== undefined) return <bdi>{cut(visible(name), NAME_CHARS_MAX)}</bdi>;
  return (
    <bdi title={aiId} className="font-mono text-12">
      {cut(visible(aiId), ID_CHARS + 1)}
    </bdi>
  );
}
