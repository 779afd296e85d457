/** The charts over time. Each is drawn anew for its own answer alone, not for every other that comes. */
import { memo } from "react";
import { formatCount, formatDuration, formatRate } from "@/lib/numbers";
import { ratesOf, timesOf } from "@/lib/steps";
import { type Line, type Shared, StepChart } from "./step-chart";
import type { Errors, Latency, Redactions, StoreLag, Throughput } from "./use-metrics";
import { words } from "./words";

interface Props<Data> extends Shared {
  data: Data;
}

export const ThroughputChart = memo(function ThroughputChart({
  data,
  nowS,
  ...shared
}: Props<Throughput> & { nowS: number }) {
  const times = timesOf(data.series);
  const rates = (count: (step: Throughput["series"][number]) => number) =>
    ratesOf(data.series.map(count), times, data.step_s, nowS);
  const lines: Line[] = [
    { name: words.events, values: rates((step) => step.events), tone: 1, fill: true },
    { name: words.messages, values: rates((step) => step.messages), tone: 2 },
  ];
  return (
    <StepChart
      {...shared}
      title={words.throughput}
      steps={data}
      lines={lines}
      unit={formatRate}
      csvName="throughput"
      height={240}
    />
  );
});

export const ErrorsChart = memo(function ErrorsChart({ data, ...shared }: Props<Errors>) {
  const lines: Line[] = [
    { name: words.refusedOne, values: data.series.map((step) => step.items), tone: "bad", fill: true },
    { name: words.refusedRequests, values: data.series.map((step) => step.requests), tone: 5 },
  ];
  // What was refused is not kept: there are no events behind these points.
  return (
    <StepChart
      {...shared}
      title={words.refused}
      steps={data}
      lines={lines}
      unit={formatCount}
      csvName="refused"
      opens={false}
    />
  );
});

export const LatencyChart = memo(function LatencyChart({ data, ...shared }: Props<Latency>) {
  return (
    <StepChart
      {...shared}
      title={words.latency}
      steps={data}
      lines={percentiles(data)}
      unit={formatDuration}
      csvName="latency"
    />
  );
});

export const StoredChart = memo(function StoredChart({ data, ...shared }: Props<StoreLag>) {
  return (
    <StepChart
      {...shared}
      title={words.stored}
      steps={data}
      lines={percentiles(data)}
      unit={formatDuration}
      csvName="time-until-stored"
    />
  );
});

export const RedactionsChart = memo(function RedactionsChart({ data, ...shared }: Props<Redactions>) {
  const values = data.series.map((step) => step.count);
  // Events can't be asked for by what was hidden in them.
  return (
    <StepChart
      {...shared}
      title={words.redacted}
      steps={data}
      lines={[{ name: words.redactedThings, values, tone: 4, fill: true }]}
      unit={formatCount}
      csvName="redactions"
      note={words.redactedOpens}
    />
  );
});

/** Of steps in which there was nothing the API says `null`: a gap, not a zero. */
export function percentiles(data: Latency): Line[] {
  return [
    { name: words.p50, values: data.series.map((step) => step.p50_ms ?? null), tone: 2 },
    { name: words.p95, values: data.series.map((step) => step.p95_ms ?? null), tone: 1, fill: true },
    { name: words.p99, values: data.series.map((step) => step.p99_ms ?? null), tone: 3 },
  ];
}
