/**
 * What a row of the list says beside the topic itself. The API tells it of one topic at a time, so a row asks once it is
 * seen: one of its cells watches for that, and the others show what came.
 */
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { formatPercent } from "@/lib/numbers";
import { Badge, Count, Delayed, Skeleton, Sparkline } from "@/ui";
import { type TopicDescribed, useRowStatistics } from "./use-topics";
import { words } from "./words";

/** From this share on it is said in the colour of trouble. */
const ERROR_RATE_BAD = 0.05;

type Statistics = TopicDescribed["statistics"];

/** Whether the element has come into sight; stays so. */
function useSeen(): [ref: RefObject<HTMLSpanElement | null>, isSeen: boolean] {
  const ref = useRef<HTMLSpanElement>(null);
  const [isSeen, setSeen] = useState(() => typeof IntersectionObserver === "undefined");
  useEffect(() => {
    if (ref.current === null || isSeen) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [isSeen]);
  return [ref, isSeen];
}

interface FigureProps {
  topic: string;
  isSeen: boolean;
  children(statistics: Statistics): ReactNode;
}

function Figure({ topic, isSeen, children }: FigureProps) {
  const { data, isError } = useRowStatistics(topic, isSeen);
  if (data !== undefined) return children(data.statistics);
  if (isError) return <span className="text-faint">{words.unknown}</span>;
  return (
    <Delayed isQuiet>
      <Skeleton className="inline-block w-10 align-middle" />
    </Delayed>
  );
}

/** The cell that is in every layout of the list, and so the one that asks. */
export function Today({ topic }: { topic: string }) {
  const [ref, isSeen] = useSeen();
  return (
    <span ref={ref} className="inline-block">
      <Figure topic={topic} isSeen={isSeen}>
        {(statistics) => <Count value={statistics.messages_today} />}
      </Figure>
    </span>
  );
}

export function Month({ topic }: { topic: string }) {
  return (
    <Figure topic={topic} isSeen={false}>
      {(statistics) => <Count value={statistics.messages_30_days} />}
    </Figure>
  );
}

export function Consumers({ topic }: { topic: string }) {
  return (
    <Figure topic={topic} isSeen={false}>
      {(statistics) => <Count value={statistics.consumers} />}
    </Figure>
  );
}

export function ErrorRate({ topic }: { topic: string }) {
  return (
    <Figure topic={topic} isSeen={false}>
      {({ error_rate }) =>
        error_rate >= ERROR_RATE_BAD ? (
          <Badge tone="bad">{formatPercent(error_rate)}</Badge>
        ) : (
          <span className={error_rate > 0 ? "text-warn" : undefined}>{formatPercent(error_rate)}</span>
        )
      }
    </Figure>
  );
}

export function Trend({ topic, points }: { topic: string; points: number[] | undefined }) {
  if (points === undefined) return <span className="text-faint">{words.unknown}</span>;
  const told = points.map((perHour) => perHour.toLocaleString("en-GB", { maximumFractionDigits: 1 }));
  return (
    <span className="block w-24">
      <Sparkline points={points} label={words.trendOf(topic, told)} height={20} />
    </span>
  );
}
