/** How it is now, in a row of numbers. */
import { Delayed, Skeleton, Tile } from "@/ui";
import * as figures from "./figures";
import { totalOf } from "./lag";
import type { Lags } from "./use-lag";
import type { Metrics } from "./use-metrics";
import { words } from "./words";

export function Tiles({ metrics, lags }: { metrics: Metrics; lags: Lags }) {
  const { tiles } = words;
  const { throughput, errors, latency, storeLag, events } = metrics;
  const total = lags.isPending ? undefined : totalOf(lags.lags);
  const isSent = throughput.data !== undefined && errors.data !== undefined;
  const shown = [
    [tiles.today, events.data && figures.today(events.data, throughput.data), events.isPending],
    [tiles.rate, events.data && figures.rate(events.data, throughput.data), events.isPending],
    [tiles.p50, latency.data && figures.latency(latency.data, "p50_ms"), latency.isPending],
    [tiles.p99, latency.data && figures.latency(latency.data, "p99_ms"), latency.isPending],
    [
      tiles.errors,
      isSent ? figures.errorRate(errors.data, throughput.data) : undefined,
      errors.isPending || throughput.isPending,
    ],
    [tiles.consumers, total && figures.consumers(total), lags.isPending],
    [tiles.lag, total && figures.consumerLag(total), lags.isPending],
    [tiles.behind, storeLag.data && figures.behind(storeLag.data), storeLag.isPending],
  ] as const;
  return (
    <section
      aria-label={tiles.label}
      className="grid auto-rows-[minmax(8.125rem,auto)] grid-cols-2 gap-3 sm:auto-rows-[minmax(8.875rem,auto)] lg:grid-cols-4"
    >
      {shown.map(([label, figure, isPending]) =>
        isPending ? (
          <Delayed key={label} isQuiet>
            <Skeleton className="h-full rounded-lg" />
          </Delayed>
        ) : (
          <Tile key={label} label={label} {...(figure ?? { value: tiles.unknown })} />
        ),
      )}
    </section>
  );
}
