/** How many a second, over the last few seconds. */

const WINDOW_MS = 3_000;
const STEP_MS = 250;

export class Rate {
  /** Steps of time, newest last: when each began, and what came in it. */
  private steps: { at: number; count: number }[] = [];

  add(count: number, now: number): void {
    const last = this.steps.at(-1);
    if (last !== undefined && now - last.at < STEP_MS) last.count += count;
    else this.steps.push({ at: now, count });
  }

  perSecond(now: number): number {
    this.steps = this.steps.filter((step) => step.at > now - WINDOW_MS);
    const [first] = this.steps;
    if (first === undefined) return 0;
    // Less than a second says nothing of a whole one.
    const over = Math.max(now - first.at, 1_000);
    return (this.steps.reduce((sum, step) => sum + step.count, 0) * 1_000) / over;
  }
}
