/** When the page was last refreshed, and the button that does it now. */
import { RefreshCw } from "lucide-react";
import { invalidate } from "@/api";
import { useHotkeys } from "@/lib/hotkeys";
import { IconButton, Time } from "@/ui";
import { cx } from "@/ui/cx";
import type { Metrics } from "./use-metrics";
import { words } from "./words";

function refresh() {
  void invalidate("/api/v1/metrics");
  void invalidate("/api/v1/topics");
}

export function Refreshed({ metrics }: { metrics: Metrics }) {
  useHotkeys({ r: { run: refresh, label: words.refresh } });
  const queries = Object.values(metrics);
  const updated = queries.map(({ dataUpdatedAt }) => dataUpdatedAt).filter((at) => at > 0);
  const isFailed = queries.some(({ isRefetchError }) => isRefetchError);
  return (
    <div className="flex items-center gap-2 text-12 text-muted tabular-nums">
      <span className={cx("min-w-28 text-end", isFailed && "text-bad")}>
        {updated.length > 0 && (
          <>
            {isFailed ? `${words.refreshFailed}, ` : ""}
            {words.refreshed} <Time value={Math.min(...updated)} style="relative" />
          </>
        )}
      </span>
      <IconButton icon={RefreshCw} label={words.refresh} shortcut="r" onClick={refresh} />
    </div>
  );
}
