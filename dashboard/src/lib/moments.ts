/** Times of events, which have more digits than a `Date` holds. */
import { parseTime } from "./time";

/** Milliseconds since 1970, with what RFC 3339 has behind them; nothing for what is no time. */
export function momentOf(text: string): number | undefined {
  const ms = parseTime(text).getTime();
  if (Number.isNaN(ms)) return undefined;
  const finer = /\.\d{3}(\d{1,6})/.exec(text)?.[1];
  return finer === undefined ? ms : ms + Number(`0.${finer}`);
}
