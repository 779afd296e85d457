/** AI systems that record without being registered: known by their ids alone, until somebody names them. */
import { useSession } from "@/api";
import { Button, Card, Link, Mono } from "@/ui";
import type { unregistered } from "./rules";
import { words } from "./words";

const LISTED_MAX = 10;

interface Props {
  seen: ReturnType<typeof unregistered>;
  onRegister(aiId: string): void;
}

export function Unregistered({ seen, onRegister }: Props) {
  const { can } = useSession();
  return (
    <Card title={words.seen.title}>
      <p className="mb-3 text-12 text-muted">{words.seen.body}</p>
      <ul className="flex flex-col divide-y divide-line">
        {seen.slice(0, LISTED_MAX).map(({ ai_id, events }) => (
          <li key={ai_id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <Link to="/ai-systems/$id" params={{ id: ai_id }} className="min-w-0 flex-1">
              <Mono>{ai_id}</Mono>
            </Link>
            <span className="text-12 text-muted tabular-nums">{words.seen.events(events)}</span>
            {can("keys:manage") && (
              <Button size="sm" aria-label={words.seen.registerThis(ai_id)} onClick={() => onRegister(ai_id)}>
                {words.seen.register}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
