/** How a topic's messages come, over time. */
import { keepPreviousData } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { $api } from "@/api";
import { formatCount, formatPercent, formatRate } from "@/lib/numbers";
import { lastKnown, ratesOf, timesOf } from "@/lib/steps";
import { BarList, Card, Delayed, Query, Segmented, Skeleton, TimeChart } from "@/ui";
import { nothingObserved, observe } from "./observed";
import { REFRESH_MS, type TopicDescribed, useTrends } from "./use-topics";
import { words } from "./words";

const { activity } = words;

interface Props {
  topic: TopicDescribed;
  /** When the topic was asked about, in milliseconds. */
  askedAt: number;
}

/** Messages an hour in the four spans of a week. */
export function Course({ topic }: { topic: string }) {
  const course = useTrends()(topic);
  if (course === undefined)
    return (
      <Delayed isQuiet>
        <Skeleton className="h-56 rounded-8" />
      </Delayed>
    );
  return (
    <BarList
      title={activity.courseTitle}
      items={course.map((perHour, i) => ({ label: activity.course[i] ?? "", value: perHour }))}
      unit={formatCount}
      csvName={`${topic}-course`}
    />
  );
}

/** What comes while one looks. */
export function Live({ topic, askedAt }: Props) {
  const [observed, setObserved] = useState(nothingObserved);
  const { messages_today, error_rate } = topic.statistics;
  useEffect(() => {
    setObserved((before) => observe(before, { at: askedAt, today: messages_today, errorRate: error_rate }));
  }, [askedAt, messages_today, error_rate]);

  const { times, rates, errors } = useMemo(
    () => ({
      times: observed.points.map(({ atS }) => atS),
      rates: observed.points.map(({ perSecond }) => perSecond),
      errors: observed.points.map(({ errorRate }) => errorRate),
    }),
    [observed],
  );
  // A line needs two points.
  if (times.length < 2) {
    return (
      <Card title={activity.liveTitle}>
        <p className="py-10 text-center text-13 text-muted">{activity.liveWaits}</p>
      </Card>
    );
  }
  const now = lastKnown(rates);
  const told = (name: string, value: string) => activity.summary(name, value);
  return (
    <div className="grid gap-3">
      <TimeChart
        title={`${activity.liveMessages}: ${activity.liveTitle.toLowerCase()}`}
        series={[{ name: activity.liveMessages, values: rates, tone: 1, fill: true }]}
        times={times}
        unit={formatRate}
        height={120}
        syncKey="topic"
        summary={told(activity.liveMessages, now === undefined ? activity.nothingKnown : formatRate(now))}
        csvName={`${topic.name}-rate`}
      />
      <TimeChart
        title={activity.liveErrors}
        series={[{ name: activity.liveErrors, values: errors, tone: "bad", fill: true }]}
        times={times}
        unit={formatPercent}
        height={80}
        syncKey="topic"
        summary={told(activity.liveErrors, formatPercent(errors.at(-1) ?? 0))}
        csvName={`${topic.name}-errors`}
      />
    </div>
  );
}

const PERIODS = ["1h", "6h", "24h", "7d"] as const;
export type Period = (typeof PERIODS)[number];

interface EventsProps {
  period: Period;
  onPeriod(period: Period): void;
  /** The events that were received in this time. */
  onOpen(fromMs: number, toMs: number): void;
}

/** Of the topic of events: all steps, for the metrics count events by themselves. */
export function EventsActivity({ period, onPeriod, onOpen }: EventsProps) {
  const live = { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData };
  const params = { params: { query: { period } } };
  const throughput = $api.useQuery("get", "/api/v1/metrics/throughput", params, live);
  const errors = $api.useQuery("get", "/api/v1/metrics/errors", params, live);
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label={activity.period}
        value={period}
        onChange={(value) => onPeriod(value as Period)}
        options={PERIODS.map((value) => ({ value, label: value }))}
        className="self-start"
      />
      <div className="grid gap-3 lg:grid-cols-2">
        <Query query={throughput} skeleton={<Skeleton className="h-[312px] rounded-8" />}>
          {(data) => {
            const times = timesOf(data.series);
            const counts = data.series.map(({ events }) => events);
            const rates = ratesOf(counts, times, data.step_s, throughput.dataUpdatedAt / 1000);
            return (
              <TimeChart
                title={activity.eventsTitle}
                series={[{ name: activity.events, values: rates, tone: 1, fill: true }]}
                times={times}
                unit={formatRate}
                syncKey="topic"
                onPointClick={onOpen}
                summary={activity.summary(activity.eventsTitle, formatRate(lastKnown(rates) ?? 0))}
                csvName="events"
              />
            );
          }}
        </Query>
        <Query query={errors} skeleton={<Skeleton className="h-[312px] rounded-8" />}>
          {(data) => {
            const values = data.series.map(({ items }) => items);
            return (
              <TimeChart
                title={activity.refusedTitle}
                series={[{ name: activity.refusedAll, values, tone: "bad", fill: true }]}
                times={timesOf(data.series)}
                unit={formatCount}
                syncKey="topic"
                summary={activity.summary(activity.refusedTitle, formatCount(lastKnown(values) ?? 0))}
                csvName="refused"
              />
            );
          }}
        </Query>
      </div>
    </div>
  );
}
