import type { DropReason } from "./options.js";

/** What a recorder has done so far, and what it holds. */
export interface Stats {
  /** Events that were given to it. */
  readonly recorded: number;
  /** Events that the gateway has. */
  readonly accepted: number;
  /** Events that it will never take. */
  readonly refused: number;
  /** Events that were let go. */
  readonly dropped: number;
  readonly droppedBy: Readonly<Partial<Record<DropReason, number>>>;
  /** Events that wait or are under way, and their bytes. */
  readonly queuedEvents: number;
  readonly queuedBytes: number;
  /** Attempts to send a batch, and how many of them were not the first for an event in it. */
  readonly requests: number;
  readonly retries: number;
  /** By so much the gateway's clock is ahead of this one; absent while no difference is known. */
  readonly skewMs?: number;
}

export class Counters {
  recorded = 0;
  accepted = 0;
  refused = 0;
  dropped = 0;
  requests = 0;
  retries = 0;
  readonly droppedBy: Partial<Record<DropReason, number>> = {};

  drop(reason: DropReason): void {
    this.dropped += 1;
    this.droppedBy[reason] = (this.droppedBy[reason] ?? 0) + 1;
  }

  /** Events of which is known what became of them. */
  get settled(): number {
    return this.accepted + this.refused + this.dropped;
  }
}
