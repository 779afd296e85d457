/** A timer of a longer time fires at once: a signed number of 32 bits holds it. */
export const TIMER_MS_MAX = 2 ** 31 - 1;

/** How long to wait before the next attempt: exponential, with full jitter. */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly minMs: number,
    private readonly maxMs: number,
    /** From 0 to 1. */
    private readonly random: () => number = Math.random,
  ) {}

  /** It worked: the next wait is short again. */
  reset(): void {
    this.attempts = 0;
  }

  /** From nothing to the bound, which doubles with every attempt; at least `atLeastMs`. */
  nextMs(atLeastMs = 0): number {
    const boundMs = Math.min(this.maxMs, this.minMs * 2 ** Math.min(this.attempts, 30));
    this.attempts += 1;
    return Math.max(atLeastMs, this.random() * boundMs);
  }
}
