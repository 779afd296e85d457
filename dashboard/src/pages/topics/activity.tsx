/** How a topic's messages come, and how many are refused, over time. */
import { keepPreviousData } from "@tanstack/react-query";
import { $api } from "@/api";
import { formatCount, formatRate } from "@/lib/numbers";
import { lastKnown, ratesOf, timesOf } from "@/lib/steps";
import { Query, Segmented, Skeleton, TimeChart } from "@/ui";
import { REFRESH_MS } from "./use-topics";
import { words } from "./words";

const { activity } = words;

const PERIODS = ["1h", "6h", "24h", "7d"] as const;
export type Period = (typeof PERIODS)[number];

interface Props {
  topic: string;
  /** Whether it is the topic of events, whose messages are events. */
  ofEvents: boolean;
  period: Period;
  onPeriod(period: Period): void;
  /** What came in this time. */
  onOpen(fromMs: number, toMs: number): void;
}

export function Activity({ topic, ofEvents, period, onPeriod, onOpen }: Props) {
  const of = ofEvents ? activity.events : activity.messages;
  const metrics = $api.useQuery(
    "get",
    "/api/v1/metrics/topics/{name}",
    { params: { path: { name: topic }, query: { period } } },
    { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData },
  );
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label={activity.period}
        value={period}
        onChange={(value) => onPeriod(value as Period)}
        options={PERIODS.map((value) => ({ value, label: value }))}
        className="self-start"
      />
      <Query query={metrics} skeleton={<Charts />}>
        {(data) => {
          const times = timesOf(data.series);
          const came = data.series.map(({ messages }) => messages);
          const rates = ratesOf(came, times, data.step_s, metrics.dataUpdatedAt / 1000);
          const refused = data.series.map((step) => step.refused);
          return (
            <div className="grid gap-3 lg:grid-cols-2">
              <TimeChart
                title={of.came}
                series={[{ name: of.name, values: rates, tone: 1, fill: true }]}
                times={times}
                unit={formatRate}
                syncKey="topic"
                onPointClick={onOpen}
                summary={activity.summary(
                  formatCount(data.total.messages),
                  of.many(data.total.messages),
                  formatRate(lastKnown(rates) ?? 0),
                )}
                csvName={`${topic}-messages`}
              />
              <TimeChart
                title={of.refused}
                series={[{ name: activity.refused, values: refused, tone: "bad", fill: true }]}
                times={times}
                unit={formatCount}
                syncKey="topic"
                summary={activity.refusedSummary(
                  formatCount(data.total.refused),
                  of.many(data.total.refused),
                )}
                csvName={`${topic}-refused`}
              />
            </div>
          );
        }}
      </Query>
    </div>
  );
}

function Charts() {
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Skeleton className="h-[312px] rounded-8" />
      <Skeleton className="h-[312px] rounded-8" />
    </div>
  );
}
