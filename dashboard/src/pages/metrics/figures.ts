/** The tiles: one number each, with its change and its course over the period. */
import { formatCount, formatDuration, formatPercent, formatRate } from "@/lib/numbers";
import { changePercent, halves, shareRefused } from "@/lib/steps";
import type { LagTotal } from "./lag";
import type { Errors, Latency, StoreLag, Throughput } from "./use-metrics";
import { words } from "./words";

export interface Figure {
  value: string;
  unit?: string;
  hint?: string;
  points?: number[];
  change?: { percent: number; good: "up" | "down" };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const known = (values: readonly (number | null | undefined)[]) =>
  values.filter((value): value is number => typeof value === "number");

/** `21.4 ms` as number and unit; of what has several parts, such as `2 min 5 s`, nothing is taken apart. */
export function split(text: string): Figure {
  const parts = text.split(" ");
  return parts.length === 2 && parts[0] && parts[1] ? { value: parts[0], unit: parts[1] } : { value: text };
}

/** `99.58%` and `0.3/s` likewise. */
function splitSign(text: string, sign: string): Figure {
  return text.endsWith(sign) ? { value: text.slice(0, -sign.length), unit: sign } : { value: text };
}

interface Topic {
  statistics: { messages_today: number; publish_rate: number };
}

export function today(topic: Topic, throughput: Throughput | undefined): Figure {
  const { tiles } = words;
  return {
    value: formatCount(topic.statistics.messages_today),
    hint: tiles.todayHint,
    points: throughput?.series.map(({ events }) => events),
  };
}

export function rate(topic: Topic, throughput: Throughput | undefined): Figure {
  const figure = {
    ...splitSign(formatRate(topic.statistics.publish_rate), "/s"),
    hint: words.tiles.rateHint,
  };
  if (throughput === undefined) return figure;
  const [earlier, later] = halves(throughput.series.map(({ events }) => events)).map(sum);
  const percent = changePercent(earlier ?? null, later ?? null);
  const points = throughput.series.slice(0, -1).map(({ events }) => events / throughput.step_s);
  return { ...figure, points, change: percent === undefined ? undefined : { percent, good: "up" } };
}

export function latency(data: Latency, which: "p50_ms" | "p99_ms"): Figure {
  const total = data.total[which];
  const points = known(data.series.map((step) => step[which]));
  const figure = typeof total === "number" ? split(formatDuration(total)) : { value: words.tiles.unknown };
  return { ...figure, hint: words.tiles.latencyHint, points };
}

/** Of events and messages, one by one: what was refused of all that were sent. */
export function errorRate(errors: Errors, throughput: Throughput): Figure {
  const steps = errors.series.map((step, i) => {
    const taken = throughput.series[i];
    return { refused: step.items, taken: taken === undefined ? 0 : taken.events + taken.messages };
  });
  const share = (part: readonly { refused: number; taken: number }[]) =>
    shareRefused(sum(part.map(({ taken }) => taken)), sum(part.map(({ refused }) => refused)));
  const all = shareRefused(throughput.total.events + throughput.total.messages, errors.total.items);
  const [earlier, later] = halves(steps).map(share);
  const percent = changePercent(earlier ?? null, later ?? null);
  const figure = all === null ? { value: words.tiles.unknown } : splitSign(formatPercent(all), "%");
  return {
    ...figure,
    hint: words.tiles.errorsHint(errors.total.items),
    points: steps.map((step) => share([step]) ?? 0),
    change: percent === undefined ? undefined : { percent, good: "down" },
  };
}

export function consumers(total: LagTotal): Figure {
  return { value: formatCount(total.readers), hint: words.tiles.consumersHint(total.groups) };
}

export function consumerLag(total: LagTotal): Figure {
  const { tiles } = words;
  const hint =
    total.waitedS === undefined ? tiles.lagNone : tiles.lagHint(formatDuration(total.waitedS * 1000));
  return { value: formatCount(total.messages), unit: tiles.lagUnit(total.messages), hint };
}

export function behind(data: StoreLag): Figure {
  const ms = data.behind_ms;
  const figure = typeof ms === "number" ? split(formatDuration(ms)) : { value: words.tiles.unknown };
  return { ...figure, hint: words.tiles.behindHint, points: known(data.series.map(({ p99_ms }) => p99_ms)) };
}
