import type { DropReason } from "./options.js";

/** What a recorder has done so far, and what it holds. */
export interface Stats {
  /** Events that were taken into the queue. */
  readonly recorded: number;
  /** Events that the gateway has acknowledged. */
  readonly accepted: number;
  /** Events that the gateway refused for good; `onRefused` was told. */
  readonly refused: number;
  /** Events that were let go; `onDropped` was told. */
  readonly dropped: number;
  readonly droppedByReason: Readonly<Partial<Record<DropReason, number>>>;
  /** Events that wait or are under way, and their bytes. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Requests that were sent, and those after which something was to be sent again. */
  readonly requests: number;
  readonly retries: number;
  /** Events that were given another time, since this machine's clock is ahead. */
  readonly retimed: number;
  /** Faults in what was recorded, in the recorder or in the callbacks, which no caller saw. */
  readonly faults: number;
  /** The kind of the last fault or refusal. */
  readonly lastFault: string | undefined;
  /** By so much the gateway's clock is ahead of this one; `undefined` while no difference is known. */
  readonly clockSkewMs: number | undefined;
}

export class Counters {
  recorded = 0;
  accepted = 0;
  refused = 0;
  dropped = 0;
  requests = 0;
  retries = 0;
  retimed = 0;
  faults = 0;
  lastFault: string | undefined = undefined;
  readonly droppedByReason: Partial<Record<DropReason, number>> = {};

  drop(reason: DropReason, events = 1): void {
    this.dropped += events;
    this.droppedByReason[reason] = (this.droppedByReason[reason] ?? 0) + events;
  }

  fault(kind: string): void {
    this.faults += 1;
    this.lastFault = kind;
  }
}
