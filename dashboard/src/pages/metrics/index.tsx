/** How the organisation's recording goes: tiles, charts over time, and what there is most of. */

import { useNavigate } from "@tanstack/react-router";
import { ChartLine } from "lucide-react";
import { type ReactNode, useCallback, useMemo } from "react";
import { useSession } from "@/api";
import { type Span, timesOf } from "@/lib/steps";
import { formatTime } from "@/lib/time";
import { oneOf, optional, useUrlState } from "@/lib/url-state";
import {
  Button,
  Card,
  Delayed,
  Empty,
  Link,
  Page,
  Problem,
  Query,
  type QueryProps,
  Segmented,
  Skeleton,
} from "@/ui";
import {
  ErrorCodes,
  EventTypes,
  LagByGroup,
  RedactionKinds,
  TopAiSystems,
  TopErrorTypes,
  TopTopics,
} from "./bars";
import { ErrorsChart, LatencyChart, RedactionsChart, StoredChart, ThroughputChart } from "./charts";
import { eventsHref } from "./links";
import { Refreshed } from "./refreshed";
import { Tiles } from "./tiles";
import { type Lags, useLags } from "./use-lag";
import { type Throughput, useAiSystemNames, useMetrics } from "./use-metrics";
import { type Period, words } from "./words";
import { shownSteps, zoomOf, zoomParams } from "./zoom";

const BARS = "min-h-[152px]";
const PERIODS = ["1h", "6h", "24h", "7d"] as const;

export default function MetricsPage() {
  const [state, setState] = useUrlState({ period: oneOf(PERIODS, "1h"), from: optional(), to: optional() });
  const { organisation } = useSession();
  const navigate = useNavigate();
  const metrics = useMetrics(state.period);
  const names = useAiSystemNames();
  const lags = useLags(metrics.topTopics.data?.items.map(({ topic }) => topic) ?? []);
  const zoom = useMemo(() => zoomOf(state.from, state.to), [state.from, state.to]);

  const onZoom = useCallback((to: Span) => setState(zoomParams(to)), [setState]);
  const onOpen = useCallback((span: Span) => void navigate({ href: eventsHref(span) }), [navigate]);
  const choose = (period: string) => setState({ period: period as Period, from: undefined, to: undefined });
  const shared = { zoom, onZoom, onOpen };
  const { throughput, errors, latency, storeLag, redactions, topTopics, topAiSystems, topErrorTypes } =
    metrics;

  return (
    <Page
      title={words.title}
      subtitle={words.subtitle(organisation.name)}
      actions={
        <div className="flex flex-wrap items-center gap-3">
          <Refreshed metrics={metrics} />
          <Segmented label={words.period} value={state.period} onChange={choose} options={words.periods} />
        </div>
      }
    >
      <div className="flex flex-col gap-3">
        <Tiles metrics={metrics} lags={lags} />
        <Zoomed
          steps={throughput.data}
          zoom={zoom}
          onReset={() => setState({ from: undefined, to: undefined })}
        />
        <Chart query={throughput} height="min-h-[328px]">
          {(data) =>
            errors.data && isNothing(data, errors.data.total) ? (
              <Card title={words.throughput}>
                <Empty
                  icon={ChartLine}
                  title={words.nothing(state.period)}
                  action={<Link to="/start">{words.start}</Link>}
                >
                  {words.nothingHelp}
                </Empty>
              </Card>
            ) : (
              <ThroughputChart data={data} nowS={throughput.dataUpdatedAt / 1000} {...shared} />
            )
          }
        </Chart>
        <div className="grid gap-3 lg:grid-cols-2">
          <Chart query={latency}>{(data) => <LatencyChart data={data} {...shared} />}</Chart>
          <Chart query={errors}>{(data) => <ErrorsChart data={data} {...shared} />}</Chart>
          <Chart query={storeLag}>{(data) => <StoredChart data={data} {...shared} />}</Chart>
          <Chart query={redactions}>{(data) => <RedactionsChart data={data} {...shared} />}</Chart>
          <Bars query={errors}>{(data) => <ErrorCodes data={data} />}</Bars>
          <GroupLags lags={lags} />
          <Bars query={topTopics}>{(data) => <TopTopics data={data} />}</Bars>
          <Bars query={topAiSystems}>{(data) => <TopAiSystems data={data} names={names} />}</Bars>
          <Bars query={topErrorTypes}>{(data) => <TopErrorTypes data={data} />}</Bars>
          <Bars query={throughput}>{(data) => <EventTypes data={data} />}</Bars>
          <Bars query={redactions}>{(data) => <RedactionKinds data={data} />}</Bars>
        </div>
      </div>
    </Page>
  );
}

function isNothing({ total }: Throughput, refused: { items: number; requests: number }): boolean {
  return total.events + total.messages + refused.items + refused.requests === 0;
}

interface ChartProps<T> {
  query: QueryProps<T>["query"];
  height?: string;
  children(data: T): ReactNode;
}

/** Its place is as high as what comes, from the beginning: nothing below moves when it is there. */
function Chart<T>({ query, height = "min-h-[312px]", children }: ChartProps<T>) {
  return (
    <div className={`flex min-w-0 flex-col *:flex-1 ${height}`}>
      <Query query={query} skeleton={<Skeleton className={`${height} rounded-lg`} />}>
        {children}
      </Query>
    </div>
  );
}

function Bars<T>(props: ChartProps<T>) {
  return <Chart {...props} height={BARS} />;
}

interface ZoomedProps {
  steps: Throughput | undefined;
  zoom: Span | undefined;
  onReset(): void;
}

/** Says what is zoomed to, for bars and tiles are not. */
function Zoomed({ steps, zoom, onReset }: ZoomedProps) {
  if (steps === undefined || zoom === undefined) return null;
  const times = timesOf(steps.series);
  const { begin, end, isZoomed } = shownSteps(times, steps.step_s, zoom);
  if (!isZoomed) return null;
  const style = steps.period === "1h" || steps.period === "6h" ? "time" : "datetime";
  const [from, to] = [times[begin] ?? 0, (times[end - 1] ?? 0) + steps.step_s].map((s) =>
    formatTime(s * 1000, style).replace(/:00$/, ""),
  );
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13">
      <span className="tabular-nums">{words.zoomed(from ?? "", to ?? "")}</span>
      <span className="text-muted">{words.zoomLeaves}</span>
      <Button size="sm" onClick={onReset}>
        {words.resetZoom}
      </Button>
    </div>
  );
}

function GroupLags({ lags }: { lags: Lags }) {
  if (lags.isPending) {
    return (
      <Delayed isQuiet>
        <Skeleton className={`${BARS} rounded-lg`} />
      </Delayed>
    );
  }
  if (lags.error !== undefined && lags.lags.length === 0) {
    return (
      <Card title={words.lag} padded>
        <Problem error={lags.error} onRetry={lags.retry} />
      </Card>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-1 [&>section]:flex-1">
      <LagByGroup lags={lags.lags} />
      {lags.asked < lags.topics && (
        <p className="px-1 text-12 text-muted">{words.lagOf(lags.asked, lags.topics)}</p>
      )}
    </div>
  );
}
