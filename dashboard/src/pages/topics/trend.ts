/**
 * How much came to each topic of late. The API tells of four periods up to now, so the course is that of the four spans
 * between them: messages an hour, the oldest first.
 */
import type { Schemas } from "@/api";

export const TREND_PERIODS = ["7d", "24h", "6h", "1h"] as const;

/** Topics in one answer; of an organisation with more, those of which there was least are not told. */
export const TREND_LIMIT = 100;

type TopTopics = Schemas["MetricsTopTopics"];

const HOUR_MS = 3_600_000;

/** The topic's messages in an answer. Nothing: it is not among those that are told, and may have had some. */
function countOf({ items }: TopTopics, topic: string): number | undefined {
  const found = items.find((item) => item.topic === topic);
  return found?.messages ?? (items.length < TREND_LIMIT ? 0 : undefined);
}

/** Messages in each span; nothing where one is not known. */
export function spanCounts(answers: readonly (TopTopics | undefined)[], topic: string): number[] | undefined {
  const totals = answers.map((answer) => answer && countOf(answer, topic));
  if (totals.some((total) => total === undefined)) return undefined;
  // Answers are of slightly different moments, so a shorter one may be ahead.
  return totals.map((total, i) => Math.max(0, (total ?? 0) - (totals[i + 1] ?? 0)));
}

/** The same as messages an hour: spans are of different length, and the last step of an answer is not over. */
export function trendOf(
  answers: readonly (TopTopics | undefined)[],
  topic: string,
  nowMs: number,
): number[] | undefined {
  const counts = spanCounts(answers, topic);
  if (counts === undefined) return undefined;
  const begins = answers.map((answer) => (answer === undefined ? nowMs : Date.parse(answer.from)));
  return counts.map((count, i) => {
    const hours = ((begins[i + 1] ?? nowMs) - (begins[i] ?? nowMs)) / HOUR_MS;
    return hours > 0 ? count / hours : 0;
  });
}
