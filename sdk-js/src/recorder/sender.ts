/**
 * Sends what waits, one batch at a time, so that events keep their order.
 *
 * A batch is due when it is full, when its oldest event is old enough, or when somebody waits for it (`urge`). What
 * could not be delivered goes back to the front of the queue, and is tried again after a wait, until it is too old (what
 * is on disk never is).
 * Timers do not keep a process alive; whoever flushes does. All times here are of the clock that nobody sets.
 */

import { AsyncResource } from "node:async_hooks";

import type { GapinError } from "../errors.js";
import { Backoff, TIMER_MS_MAX } from "../http/backoff.js";
import type { Delivery, Outcome } from "./delivery.js";
import type { Entry } from "./entry.js";
import type { Bounds, DropReason, Refusal } from "./options.js";
import type { Queue } from "./queue.js";

/** What a sender tells of events; after `settled` it knows nothing of them any more. */
export interface SenderReports {
  requested(): void;
  accepted(entries: readonly Entry[]): void;
  refused(entry: Entry, refusal: Refusal): void;
  dropped(entries: readonly Entry[], reason: DropReason): void;
  /** Some of a batch is to be sent again. */
  kept(fault: GapinError, next: Outcome["next"], retimed: number): void;
  /** A batch is done with. */
  settled(): void;
}

export class Sender {
  /** What is sent now: not in the queue, but not gone either. */
  private underWay: readonly Entry[] = [];
  #underWayBytes = 0;
  private isRunning = false;
  private isUrged = false;
  private timer: NodeJS.Timeout | undefined;
  private waitsUntilMs = 0;
  /** Fewer than usual, while it is found out which event of a batch is at fault. */
  private eventsMax: number;
  private readonly backoff: Backoff;
  private readonly broken = new AbortController();
  // Requests belong to the recorder, and not to whichever of its callers came first: no trace of theirs, no context.
  private readonly scope = new AsyncResource("gapin.recorder", { requireManualDestroy: false });

  constructor(
    private readonly queue: Queue,
    private readonly delivery: Delivery,
    private readonly bounds: Bounds,
    private readonly reports: SenderReports,
  ) {
    this.eventsMax = bounds.batchEventsMax;
    this.backoff = new Backoff(bounds.retryWaitMinMs, bounds.retryWaitMaxMs);
  }

  get underWayEvents(): number {
    return this.underWay.length;
  }

  /** The first of all that is not settled. */
  get oldest(): Entry | undefined {
    return this.underWay[0] ?? this.queue.oldest;
  }

  get underWayBytes(): number {
    return this.#underWayBytes;
  }

  /** Something was queued. */
  noticed(): void {
    if (this.isRunning) return;
    // The timer is set for the oldest: only a full batch is due before.
    if (this.timer !== undefined && !this.isFull) return;
    const inMs = this.dueInMs();
    if (inMs === 0) this.start();
    else if (this.timer === undefined && inMs !== undefined) this.sleep(inMs);
  }

  /** Somebody waits: what is queued is sent without waiting for more. */
  urge(): void {
    this.isUrged = true;
    this.wake();
  }

  /** Breaks off what is under way, and sends nothing more. */
  stop(): Entry[] {
    this.broken.abort();
    clearTimeout(this.timer);
    const left = [...this.underWay];
    this.underWay = [];
    this.#underWayBytes = 0;
    for (let entry = this.queue.shift(); entry !== undefined; entry = this.queue.shift()) left.push(entry);
    return left;
  }

  private wake(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.noticed();
  }

  private sleep(ms: number): void {
    this.timer = setTimeout(() => this.wake(), Math.min(ms, TIMER_MS_MAX));
    this.timer.unref();
  }

  /** When the next batch is due: now, after a while, or `undefined` while there is nothing. */
  private dueInMs(): number | undefined {
    const { oldest } = this.queue;
    if (oldest === undefined || this.broken.signal.aborted) return undefined;
    const now = performance.now();
    const waitsMs = Math.ceil(this.waitsUntilMs - now);
    if (waitsMs > 0) return Math.min(waitsMs, this.bounds.retryForMs);
    if (this.isFull || this.isUrged || oldest.failedAtMs !== undefined) return 0;
    return Math.min(this.bounds.batchAgeMs, Math.max(0, oldest.recordedAtMs + this.bounds.batchAgeMs - now));
  }

  private get isFull(): boolean {
    return this.queue.length >= this.eventsMax || this.queue.bytes >= this.bounds.batchBytesMax;
  }

  private start(): void {
    this.isRunning = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.scope.runInAsyncScope(() => this.run());
  }

  private async run(): Promise<void> {
    while (this.dueInMs() === 0) {
      this.underWay = this.queue.take(this.eventsMax, this.bounds.batchBytesMax);
      this.#underWayBytes = this.underWay.reduce((bytes, entry) => bytes + entry.bytes, 0);
      this.reports.requested();
      const outcome = await this.delivery.send(this.underWay, this.broken.signal);
      if (this.broken.signal.aborted) break;
      this.settle(outcome);
    }
    this.isRunning = false;
    if (this.queue.length === 0) this.isUrged = false;
    this.noticed();
  }

  private settle(outcome: Outcome): void {
    this.underWay = [];
    this.#underWayBytes = 0;
    const now = performance.now();
    const lasting: Entry[] = [];
    const lost: Entry[] = [];
    for (const entry of outcome.kept) {
      entry.failedAtMs ??= now;
      const isTooOld = entry.place === undefined && now - entry.failedAtMs >= this.bounds.retryForMs;
      (isTooOld ? lost : lasting).push(entry);
    }
    this.queue.putBack(lasting);
    if (outcome.accepted.length > 0) this.reports.accepted(outcome.accepted);
    for (const { entry, refusal } of outcome.refused) this.reports.refused(entry, refusal);
    this.reports.dropped(lost, "retry_time_spent");
    this.plan(outcome, now);
    this.reports.settled();
  }

  private plan(outcome: Outcome, now: number): void {
    if (outcome.fault !== undefined) this.reports.kept(outcome.fault, outcome.next, outcome.retimed);
    if (outcome.kept.length === 0) {
      this.backoff.reset();
      this.waitsUntilMs = 0;
      this.eventsMax = Math.min(this.bounds.batchEventsMax, this.eventsMax * 2);
      return;
    }
    if (outcome.next === "split") {
      this.eventsMax = Math.ceil(outcome.kept.length / 2);
      return;
    }
    if (outcome.accepted.length > 0) this.backoff.reset();
    const askedMs = (outcome.fault as { retryAfterMs?: number } | undefined)?.retryAfterMs ?? 0;
    const waitMs = outcome.next === "wait_long" ? this.bounds.retryWaitMaxMs : this.backoff.nextMs(askedMs);
    this.waitsUntilMs = now + Math.min(waitMs, this.bounds.retryForMs);
  }
}
