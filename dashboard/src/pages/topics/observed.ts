/**
 * What a topic does while its page is open, counted from one answer to the next. The API has no course of one topic; this
 * is one, though a short one.
 */

/** An hour of answers, ten seconds apart. */
export const POINTS_MAX = 360;

export interface Answer {
  /** When it came, in milliseconds. */
  at: number;
  /** Messages since midnight, UTC. */
  today: number;
  /** The share that was refused in the last hour. */
  errorRate: number;
}

export interface Observed {
  last: Answer | undefined;
  points: { atS: number; perSecond: number | null; errorRate: number }[];
}

export const nothingObserved: Observed = { last: undefined, points: [] };

/** The next answer; one that was known already changes nothing. */
export function observe(observed: Observed, answer: Answer): Observed {
  const { last, points } = observed;
  if (last === undefined) return { last: answer, points };
  if (answer.at <= last.at) return observed;
  const seconds = (answer.at - last.at) / 1000;
  const came = answer.today - last.today;
  // At midnight the count begins anew, and what came since the last answer is not known.
  const perSecond = came < 0 ? null : came / seconds;
  const point = { atS: answer.at / 1000, perSecond, errorRate: answer.errorRate };
  return { last: answer, points: [...points, point].slice(-POINTS_MAX) };
}
