/**
 * How far the local clock is from the gateway's, by the `Date` of its answers.
 *
 * `Date` tells whole seconds, so one answer is right to half a second and half of its round trip; answers are averaged,
 * the newer the more, and a difference of up to {@link SKEW_MS_MIN} is none.
 */

/** A smaller difference is not told from the coarseness of `Date`. */
export const SKEW_MS_MIN = 1_000;

const NEWEST_SHARE = 0.2;

export class Clock {
  private averageMs: number | undefined;

  /** An answer that was asked for and came at these times of the local clock. */
  answered(date: string | null, askedAtMs: number, cameAtMs: number): void {
    const toldMs = date === null ? Number.NaN : Date.parse(date);
    if (Number.isNaN(toldMs)) return;
    const aheadMs = toldMs + 500 - (askedAtMs + cameAtMs) / 2;
    const before = this.averageMs;
    // A clock that was set makes what was known before worthless.
    const isSet = before === undefined || Math.abs(aheadMs - before) > 10 * SKEW_MS_MIN;
    this.averageMs = isSet ? aheadMs : before + NEWEST_SHARE * (aheadMs - before);
  }

  /** So much the gateway's clock is ahead of the local one; `undefined` while no difference is known. */
  get skewMs(): number | undefined {
    const skewMs = this.averageMs;
    return skewMs !== undefined && Math.abs(skewMs) > SKEW_MS_MIN ? Math.round(skewMs) : undefined;
  }
}
