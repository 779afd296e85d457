import { $api, type Schemas } from "@/api";
import { formatCount, formatDuration } from "@/lib/numbers";
import { oneOf, useUrlState } from "@/lib/url-state";
import { Card, Empty, Query, Segmented, Skeleton, Tile, TimeChart } from "@/ui";
import { lagMeans } from "./told";
import { words } from "./words";

const PERIODS = ["1h", "6h", "24h", "7d"] as const;
type Period = (typeof PERIODS)[number];
const EVERY_MS = 15_000;

/** How far the store is behind the log, now and over time. */
export function LagCard({ isReachable }: { isReachable: boolean }) {
  const [{ period }, setUrl] = useUrlState({ period: oneOf(PERIODS, "1h") });
  const query = $api.useQuery(
    "get",
    "/api/v1/metrics/lag",
    { params: { query: { period } } },
    { refetchInterval: isReachable ? EVERY_MS : false, placeholderData: (before) => before },
  );
  return (
    <Card
      title={words.lagTitle}
      actions={
        <Segmented
          label={words.lagPeriod}
          value={period}
          onChange={(value) => setUrl({ period: value as Period })}
          options={PERIODS.map((value) => ({ value, label: value }))}
        />
      }
    >
      <div className="flex flex-col gap-4">
        <p className="max-w-[72ch] text-muted">{words.lagWhat}</p>
        <Query query={query} skeleton={<Skeleton className="h-72 w-full" />}>
          {(lag) => <Lag lag={lag} period={period} />}
        </Query>
      </div>
    </Card>
  );
}

function Lag({ lag, period }: { lag: Schemas["MetricsLag"]; period: Period }) {
  const { total, series, behind_ms: behindMs } = lag;
  const p99 = formatDuration(total.p99_ms ?? Number.NaN);
  const values = (pick: "p50_ms" | "p95_ms" | "p99_ms") => series.map((step) => step[pick] ?? null);
  return (
    <>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Tile
          label={words.lagNow}
          value={
            behindMs == null ? words.lagUnknown : behindMs === 0 ? words.lagNone : formatDuration(behindMs)
          }
          hint={behindMs == null ? words.lagUnknownHint : words.lagMeans[lagMeans(behindMs)]}
        />
        <Tile label={words.lagP50} value={formatDuration(total.p50_ms ?? Number.NaN)} />
        <Tile label={words.lagP99} value={p99} />
        <Tile label={words.lagCount} value={formatCount(total.count)} />
      </div>
      {total.count === 0 ? (
        <Empty title={words.lagNoEvents}>{words.lagNoEventsHelp}</Empty>
      ) : (
        <TimeChart
          title={words.lagChart}
          times={series.map((step) => Date.parse(step.at) / 1000)}
          series={[
            { name: words.lagSeries.p50, values: values("p50_ms"), tone: 2 },
            { name: words.lagSeries.p95, values: values("p95_ms"), tone: 1 },
            { name: words.lagSeries.p99, values: values("p99_ms"), tone: 3 },
          ]}
          unit={formatDuration}
          summary={words.lagSummary(total.count, period, p99)}
          csvName={`lag-${period}`}
        />
      )}
    </>
  );
}
