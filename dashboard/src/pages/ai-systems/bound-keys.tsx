/** The signing keys that sign for one AI system alone. */
import { usePages } from "@/api";
import { Badge, Card, Link } from "@/ui";
import { words } from "./words";

const PAGE_KEYS = 500;

export function BoundKeys({ aiId }: { aiId: string }) {
  const keys = usePages("/api/v1/signing-keys", { limit: PAGE_KEYS });
  if (!keys.isSuccess) return null;
  const bound = keys.items.filter((key) => key.ai_id === aiId && key.status === "active");
  return (
    <Card title={words.detail.boundKeys}>
      {bound.length === 0 ? (
        <p className="text-12 text-muted">{words.detail.noBoundKeys}</p>
      ) : (
        <ul className="flex flex-col gap-2">
          {bound.map((key) => (
            <li key={key.key_id} className="flex items-center justify-between gap-2">
              <Link
                to="/signing-keys"
                search={{ key: key.key_id } as never}
                className="truncate font-mono text-12"
              >
                {key.key_id}
              </Link>
              {key.is_default && <Badge tone="accent">{words.detail.default}</Badge>}
            </li>
          ))}
        </ul>
      )}
      <p className="mt-3">
        <Link to="/signing-keys" search={{ new: "1", ai_id: aiId } as never}>
          {words.detail.createKey}
        </Link>
      </p>
    </Card>
  );
}
