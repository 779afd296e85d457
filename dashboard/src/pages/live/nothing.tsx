/** No rows: what to do so that there are some. */
import { Radio } from "lucide-react";
import { Button, Code, Empty, Link } from "@/ui";
import { countConditions, isOfEvents, rangeOf, type Url } from "./filters";
import { words } from "./words";

interface Props {
  url: Url;
  isLive: boolean;
  onClear(): void;
}

/** What a newcomer runs; `gapin sign` adds the id, the time and the signature. */
function example(address: string): string {
  return [
    `export GAPIN_URL=${address}`,
    `echo '{"event_type": "ai.decision", "ai_version": "gpt-4-turbo",`,
    `       "decision": {"type": "refund", "logic": "within 30 days", "options": ["refund", "refuse"],`,
    `                    "chosen": "refund", "confidence": 0.97},`,
    `       "metadata": {"session_id": "order-7"}}' |`,
    "  gapin sign |",
    `  curl --fail-with-body -sS "$GAPIN_URL/aibbar/events" \\`,
    `    -H "Authorization: Bearer $GAPIN_API_KEY" -H 'Content-Type: application/json' --data-binary @-`,
  ].join("\n");
}

export function Nothing({ url, isLive, onClear }: Props) {
  const range = rangeOf(url);
  const isNarrow = countConditions(url) > 0 || !("preset" in range && range.preset === "all");
  if (!isOfEvents(url))
    return (
      <Empty icon={Radio} title={words.noMessagesTitle}>
        {words.noMessagesText}
      </Empty>
    );
  if (isNarrow) {
    return (
      <Empty
        icon={Radio}
        title={words.nothingTitle}
        action={<Button onClick={onClear}>{words.clearFilters}</Button>}
      >
        {isLive ? words.nothingText : words.nothingStoredText}
      </Empty>
    );
  }
  return (
    <Empty icon={Radio} title={words.emptyTitle} action={<Link to="/start">{words.emptyStart}</Link>}>
      <p>{words.emptyText}</p>
      <Code language="sh" className="mt-3 text-start">
        {example(location.origin)}
      </Code>
    </Empty>
  );
}
