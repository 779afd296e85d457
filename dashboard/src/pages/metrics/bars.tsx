/** What there was most of, as bars. They are of the whole period, also where the charts are zoomed. */
import { memo } from "react";
import type { Schemas } from "@/api";
import { formatBytes, formatCount, formatDuration } from "@/lib/numbers";
import type { Span } from "@/lib/steps";
import { BarList } from "@/ui";
import type { GroupLag } from "./lag";
import { eventsHref, topicHref } from "./links";
import type { Errors, Redactions, Throughput } from "./use-metrics";
import { words } from "./words";

interface Bar {
  label: string;
  value: number;
  href?: string;
  hint?: string;
}

interface Props {
  title: string;
  items: Bar[];
  csvName: string;
  none: string;
  unit?(value: number): string;
}

function Bars({ none, unit = formatCount, ...props }: Props) {
  return <BarList {...props} unit={unit} empty={none} />;
}

/** The time that an answer is about. */
export function spanOf({ from, to }: { from: string; to: string }): Span {
  return { fromMs: Date.parse(from), toMs: Date.parse(to) };
}

export const ErrorCodes = memo(function ErrorCodes({ data }: { data: Errors }) {
  const items = data.codes.map(({ code, items, requests }) => ({
    label: code,
    value: items + requests,
    hint: words.codesHint(items, requests),
  }));
  return <Bars title={words.codes} items={items} csvName="errors-by-code" none={words.noCodes} />;
});

export const EventTypes = memo(function EventTypes({ data }: { data: Throughput }) {
  const most = [...data.by_type].sort((a, b) => b.events - a.events);
  const items = most.map(({ event_type, events, event_bytes }) => ({
    label: event_type,
    value: events,
    hint: formatBytes(event_bytes),
    href: eventsHref(spanOf(data), { type: event_type }),
  }));
  return <Bars title={words.types} items={items} csvName="events-by-type" none={words.noTypes} />;
});

export const TopTopics = memo(function TopTopics({ data }: { data: Schemas["MetricsTopTopics"] }) {
  const items = data.items.map(({ topic, messages, bytes }) => ({
    label: topic,
    value: messages,
    hint: formatBytes(bytes),
    href: topicHref(topic),
  }));
  return <Bars title={words.topTopics} items={items} csvName="top-topics" none={words.noTopics} />;
});

interface AiSystemsProps {
  data: Schemas["MetricsTopAiSystems"];
  names: ReadonlyMap<string, string>;
}

export const TopAiSystems = memo(function TopAiSystems({ data, names }: AiSystemsProps) {
  const items: Bar[] = data.items.map(({ ai_id, events, bytes }) => ({
    label: names.get(ai_id) ?? ai_id,
    value: events,
    hint: formatBytes(bytes),
    href: eventsHref(spanOf(data), { ai: ai_id }),
  }));
  if (data.other.events > 0) {
    items.push({
      label: words.otherAiSystems,
      value: data.other.events,
      hint: formatBytes(data.other.bytes),
    });
  }
  return <Bars title={words.topAiSystems} items={items} csvName="top-ai-systems" none={words.noAiSystems} />;
});

/** The errors that AI systems recorded; what the gateway refused is told by `ErrorCodes`. */
export const TopErrorTypes = memo(function TopErrorTypes({
  data,
}: {
  data: Schemas["MetricsTopErrorTypes"];
}) {
  const items: Bar[] = data.items.map(({ code, events }) => ({
    label: code,
    value: events,
    href: eventsHref(spanOf(data), { type: "ai.error", q: code }),
  }));
  if (data.other.events > 0) items.push({ label: words.otherErrorTypes, value: data.other.events });
  return (
    <Bars title={words.topErrorTypes} items={items} csvName="top-error-types" none={words.noErrorTypes} />
  );
});

export const RedactionKinds = memo(function RedactionKinds({ data }: { data: Redactions }) {
  const items = data.kinds.map(({ kind, count }) => ({ label: kind, value: count }));
  return <Bars title={words.kinds} items={items} csvName="redactions-by-kind" none={words.noKinds} />;
});

export const LagByGroup = memo(function LagByGroup({ lags }: { lags: readonly GroupLag[] }) {
  const items = lags.map(({ topic, group, waitedS, messages, readers }) => {
    const isUnknown = waitedS === null && (messages ?? 0) > 0;
    const hint = words.lagHint(messages, readers);
    return {
      label: `${topic} / ${group}`,
      value: waitedS ?? 0,
      hint: isUnknown ? `${hint}, ${words.lagSinceUnknown}` : hint,
      href: `${topicHref(topic)}?tab=consumers`,
    };
  });
  const unit = (seconds: number) => formatDuration(seconds * 1000);
  return <Bars title={words.lag} items={items} csvName="lag-by-group" none={words.noGroups} unit={unit} />;
});
