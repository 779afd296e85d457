import type { ReactNode } from "react";
import { formatDuration } from "@/lib/numbers";
import { Card, DataList, Mono, Time } from "@/ui";
import type { Watch } from "./health";
import { words } from "./words";

/** The process that answers: which version, for how long, and when it was last heard. */
export function GatewayCard({ known }: { known: Watch }) {
  const summary = known.answer?.summary;
  const items: { label: string; value: ReactNode }[] = [];
  if (summary !== undefined && known.answeredMs !== undefined) {
    const uptimeMs = summary.uptime_seconds * 1000;
    items.push(
      { label: words.version, value: <Mono copy>{summary.version}</Mono> },
      { label: words.uptime, value: formatDuration(uptimeMs) },
      { label: words.started, value: <Time value={known.answeredMs - uptimeMs} style="datetime" /> },
    );
  }
  items.push(
    { label: words.asked, value: <Time value={known.askedMs} style="time" /> },
    { label: words.answered, value: <Time value={known.answeredMs} style="time" /> },
  );
  return (
    <Card title={words.gatewayTitle}>
      <DataList items={items} />
    </Card>
  );
}
