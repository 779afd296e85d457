/**
 * The recorder: takes what an AI system does, and sends it in the background. It never throws into its caller, never
 * holds more than its bounds, and tells of whatever it could not keep.
 */

import { currentMetadata } from "../context/context.js";
import { BEAT_MS, DiskQueue } from "../disk/queue.js";
import { GapinError } from "../errors.js";
import { eventIdOf, tooLarge } from "../event/check.js";
import { compose } from "../event/compose.js";
import { SigningKey } from "../event/hmac.js";
import { nextSequence } from "../event/sequence.js";
import { SIGNATURE_BYTES } from "../event/signature.js";
import type { Action, Decision, ErrorTold, EventHead, NewEvent, Query, Response, SignedEvent } from "../event/types.js";
import { TIMER_MS_MAX } from "../http/backoff.js";
import { Transport } from "../http/transport.js";
import { EVENT_BYTES_MAX, utf8Bytes } from "../json/bounds.js";
import { canonicalizeWithout } from "../json/canonical.js";
import { writeSafely } from "../json/safe.js";
import { type Settings, secretOf, settingsOf } from "../settings.js";
import { Counters, type Stats } from "./counters.js";
import { Delivery, type Outcome } from "./delivery.js";
import { Entry } from "./entry.js";
import { forgetEnding, registerEnding } from "./exit.js";
import { actionOf, decisionOf, errorOf, eventOf, queryOf, responseOf, tidyHead } from "./kinds.js";
import { Notices } from "./notices.js";
import { type Bounds, boundsOf, type DropReason, type RecorderOptions } from "./options.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";

/** The id of an event that was taken; `undefined` when it was let go. */
export type Recorded = string | undefined;

/** What is said of an error beside it. */
export interface ErrorHead extends EventHead {
  recoverable?: boolean | undefined;
  /** What was being done. */
  action?: (Partial<Action> & { function: string }) | undefined;
}

/** Callers of `block` that do not wait for room may be so many queues ahead; then their events are dropped. */
const BLOCKED_QUEUES_MAX = 2;

/**
 * Records events in the background. Its methods take a copy of what they are given, never throw, and never wait for the gateway;
 * they give the event's id, or `undefined` when it was let go. Made of the environment unless its options say otherwise.
 */
export class Recorder {
  readonly #settings: Settings;
  readonly #bounds: Bounds;
  readonly #options: RecorderOptions;
  readonly #key: SigningKey;
  readonly #transport: Transport;
  readonly #notices: Notices;
  readonly #counters = new Counters();
  readonly #queue = new Queue();
  readonly #sender: Sender;
  readonly #disk: DiskQueue | undefined;
  readonly #ending = {
    flush: () => this.flush(),
    close: () => this.close(),
    finish: () => void this.#finish(this.#heldEvents === 0),
  };
  /** Who waits until something is settled. */
  #waiting: (() => boolean)[] = [];
  #nextTicket = 0;
  #isClosed = false;
  /** Once it has ended: whether nothing was left. */
  #ended: boolean | undefined;
  #beats: NodeJS.Timeout | undefined;
  /** Whether `onDropped` is running. */
  #isTelling = false;

  constructor(options: RecorderOptions = {}) {
    this.#settings = settingsOf(options);
    this.#bounds = boundsOf(options);
    this.#options = options;
    this.#key = new SigningKey(secretOf(this.#settings));
    this.#transport = new Transport(this.#settings);
    this.#notices = new Notices(options.log ?? ((line) => console.warn(line)), (kind) => this.#counters.fault(kind));
    const delivery = new Delivery(this.#transport, this.#bounds, this.#key);
    this.#sender = new Sender(this.#queue, delivery, this.#bounds, {
      requested: () => {
        this.#counters.requests += 1;
      },
      accepted: (entries) => this.#accepted(entries),
      refused: (entry, refusal) => {
        this.#counters.refused += 1;
        this.#counters.lastFault = refusal.code;
        this.#disk?.done([entry]);
        this.#notices.say("refused", `the gateway refused an event: ${refusal.code}`);
        this.#notices.call(() => this.#options.onRefused?.(entry.event(this.#key), refusal));
      },
      dropped: (entries, reason) => this.#drop(entries, reason),
      kept: (fault, next, retimed) => this.#kept(fault, next, retimed),
      settled: () => this.#settled(),
    });
    this.#disk = options.diskQueue === undefined ? undefined : this.#openDisk(options.diskQueue);
    if (options.flushAtExit ?? true) registerEnding(this.#ending);
  }

  /** A function that the AI system called, and what came of it. */
  action(action: Partial<Action> & { function: string }, head?: EventHead): Recorded {
    return this.#take(() => {
      const event = eventOf("ai.action", head);
      event.action = actionOf(action);
      return event;
    });
  }

  /** A choice between options. */
  decision(decision: Partial<Decision>, head?: EventHead): Recorded {
    return this.#take(() => {
      const event = eventOf("ai.decision", head);
      event.decision = decisionOf(decision);
      return event;
    });
  }

  /** What went wrong: an `Error`, whatever was thrown, or the fields themselves. */
  error(error: unknown, head?: ErrorHead): Recorded {
    return this.#take(() => {
      const { recoverable, action, ...rest } = head ?? {};
      const event = eventOf("ai.error", rest);
      event.error = errorOf(error, recoverable) satisfies ErrorTold;
      if (action !== undefined) event.action = actionOf(action);
      return event;
    });
  }

  /** What was asked. */
  query(query: Query, head?: EventHead): Recorded {
    return this.#take(() => {
      const event = eventOf("ai.query", head);
      event.query = queryOf(query);
      return event;
    });
  }

  /** What came back. */
  response(response: Partial<Response>, head?: EventHead): Recorded {
    return this.#take(() => {
      const event = eventOf("ai.response", head);
      event.response = responseOf(response);
      return event;
    });
  }

  /** Any event. One that is signed already is recorded as it is. */
  record(event: NewEvent | SignedEvent): Recorded {
    return this.#take(() => ({ ...event }));
  }

  /** With `block`: waits until there is room for another event. To be awaited before recording. */
  async room(): Promise<void> {
    if (this.#bounds.whenFull !== "block" || this.#hasRoom || this.#isClosed) return;
    this.#sender.urge();
    await new Promise<void>((resolve) => {
      this.#waiting.push(() => {
        if (!this.#hasRoom && !this.#isClosed) return false;
        resolve();
        return true;
      });
    });
  }

  /** Waits until all that was recorded before is settled; false when that took longer. */
  async flush(timeoutMs: number = this.#bounds.flushTimeoutMs): Promise<boolean> {
    const end = this.#nextTicket;
    const isDone = (): boolean => (this.#sender.oldest?.ticket ?? end) >= end;
    if (isDone()) return true;
    this.#sender.urge();
    return new Promise((resolve) => {
      // This timer holds the process.
      const timer = setTimeout(() => answer(false), Math.min(timeoutMs, TIMER_MS_MAX));
      const waiting = (): boolean => isDone() && answer(true);
      const answer = (done: boolean): true => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        resolve(done);
        return true;
      };
      this.#waiting.push(waiting);
    });
  }

  /**
   * Sends what is left, and takes nothing more. What could not be sent in time is dropped, unless a disk queue keeps it
   * for the next recorder, of this process or another. True when nothing was left. Called again, it answers the same.
   */
  async close(timeoutMs: number = this.#bounds.flushTimeoutMs): Promise<boolean> {
    if (this.#ended !== undefined) return this.#ended;
    this.#isClosed = true;
    const isEmpty = await this.flush(timeoutMs);
    forgetEnding(this.#ending);
    return this.#finish(isEmpty);
  }

  /** `close()`, at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The counters now. */
  stats(): Stats {
    const { recorded, accepted, refused, dropped, requests, retries, retimed, faults, lastFault } = this.#counters;
    return {
      recorded,
      accepted,
      refused,
      dropped,
      droppedByReason: { ...this.#counters.droppedByReason },
      queued: this.#heldEvents,
      queuedBytes: this.#heldBytes,
      requests,
      retries,
      retimed,
      faults,
      lastFault,
      clockSkewMs: this.#transport.clock.skewMs,
    };
  }

  /** Makes an entry of an event and queues it; whatever goes wrong, the caller does not notice. */
  #take(make: () => NewEvent | SignedEvent): Recorded {
    try {
      const event = make();
      const { entry, id } = isSigned(event) ? signedEntry(event) : this.#newEntry(event);
      if (this.#isClosed) return this.#drop([entry], "closed");
      return this.#admit(entry) ? id : undefined;
    } catch (error) {
      const kind = error instanceof GapinError ? error.code : error instanceof Error ? error.name : "unknown";
      this.#counters.fault(kind);
      this.#notices.say("unrecordable", `an event could not be recorded (${kind})`);
      return undefined;
    }
  }

  #newEntry(event: NewEvent): { entry: Entry; id: string } {
    const metadata = currentMetadata();
    const composed = compose(tidyHead(event), this.#settings, metadata, nextSequence);
    const written = writeSafely(composed, EVENT_BYTES_MAX - SIGNATURE_BYTES);
    if (written === undefined) throw tooLarge(EVENT_BYTES_MAX + 1);
    return { entry: new Entry(written.text, written.bytes, performance.now()), id: String(composed["event_id"]) };
  }

  /** Whether it was taken. Callbacks are called once the queue is as it should be: they may record, too. */
  #admit(entry: Entry): boolean {
    const displaced = this.#roomFor(entry);
    if (displaced === undefined) {
      this.#drop([entry], "queue_full");
      return false;
    }
    this.#counters.recorded += 1;
    entry.ticket = this.#nextTicket++;
    this.#queue.push(entry);
    this.#disk?.keep(entry, this.#key);
    this.#sender.noticed();
    this.#drop(displaced, "queue_full");
    return true;
  }

  /** The events that make room for another; `undefined` when there is none. */
  #roomFor(entry: Entry): Entry[] | undefined {
    if (entry.bytes > this.#bounds.queueBytesMax) return undefined;
    const { whenFull } = this.#bounds;
    // What is under way makes no room, nor does anything for what a callback records of what it is told.
    if (whenFull !== "drop_oldest" || this.#isTelling || this.#isFullUnderWay(entry)) {
      return this.#isFull(entry, whenFull === "block" ? BLOCKED_QUEUES_MAX : 1) ? undefined : [];
    }
    const displaced: Entry[] = [];
    while (this.#isFull(entry)) {
      const oldest = this.#queue.shift();
      if (oldest === undefined) break;
      displaced.push(oldest);
    }
    return displaced;
  }

  #isFull(entry: Entry, queues = 1): boolean {
    const { queueEventsMax, queueBytesMax } = this.#bounds;
    return this.#heldEvents >= queueEventsMax * queues || this.#heldBytes + entry.bytes > queueBytesMax * queues;
  }

  #isFullUnderWay(entry: Entry): boolean {
    const { underWayEvents, underWayBytes } = this.#sender;
    const { queueEventsMax, queueBytesMax } = this.#bounds;
    return underWayEvents >= queueEventsMax || underWayBytes + entry.bytes > queueBytesMax;
  }

  /** What waits and what is under way. */
  get #heldEvents(): number {
    return this.#queue.length + this.#sender.underWayEvents;
  }

  get #heldBytes(): number {
    return this.#queue.bytes + this.#sender.underWayBytes;
  }

  get #hasRoom(): boolean {
    return this.#heldEvents < this.#bounds.queueEventsMax && this.#heldBytes < this.#bounds.queueBytesMax;
  }

  #openDisk(folder: string): DiskQueue | undefined {
    try {
      const disk = new DiskQueue(folder, (line) => this.#notices.say("disk", line));
      this.#takeOver(disk);
      this.#beats = setInterval(() => this.#beat(disk), BEAT_MS);
      this.#beats.unref();
      return disk;
    } catch (error) {
      this.#diskFailed(error);
      return undefined;
    }
  }

  #beat(disk: DiskQueue): void {
    try {
      disk.beat();
      this.#takeOver(disk);
    } catch (error) {
      this.#diskFailed(error);
    }
  }

  #diskFailed(error: unknown): void {
    const { code } = error as { code?: unknown };
    this.#notices.say("disk", `the disk queue can't be used (${typeof code === "string" ? code : "unknown"})`);
  }

  /** What is left in the folder by recorders that are no more, as much as there is room for. */
  #takeOver(disk: DiskQueue): void {
    const { queueEventsMax, queueBytesMax } = this.#bounds;
    const { entries, damaged } = disk.left(queueEventsMax - this.#heldEvents, queueBytesMax - this.#heldBytes, {
      atLeastOne: this.#heldEvents === 0,
    });
    for (const entry of entries) {
      this.#counters.recorded += 1;
      entry.ticket = this.#nextTicket++;
      this.#queue.push(entry);
    }
    if (damaged > 0) {
      this.#counters.drop("queue_failed", damaged);
      this.#notices.say(
        "damaged",
        "events on disk can't be read, and were let go: a file of the disk queue is damaged",
      );
    }
    this.#sender.noticed();
  }

  #accepted(entries: readonly Entry[]): void {
    this.#counters.accepted += entries.length;
    this.#disk?.done(entries);
    this.#notices.mended("waiting");
  }

  #kept(fault: GapinError, next: Outcome["next"], retimed: number): void {
    this.#counters.retries += 1;
    this.#counters.retimed += retimed;
    this.#counters.lastFault = fault.code;
    if (next === "wait_long") this.#notices.say("waiting", `events wait, since the gateway says ${fault.code}`);
    else if (next === "wait") this.#notices.say("failed", `events wait to be sent again: ${fault.code}`);
  }

  #drop(entries: readonly Entry[], reason: DropReason): undefined {
    if (entries.length === 0) return;
    this.#disk?.done(entries);
    this.#counters.drop(reason, entries.length);
    this.#notices.say("dropped", `an event was dropped (${reason})`);
    const { onDropped } = this.#options;
    // An `onDropped` that records what is dropped again would never end: of that nothing is told.
    if (onDropped === undefined || this.#isTelling) return;
    this.#isTelling = true;
    for (const entry of entries) this.#notices.call(() => onDropped(entry.event(this.#key), reason));
    this.#isTelling = false;
  }

  #settled(): void {
    this.#waiting = this.#waiting.filter((isDone) => !isDone());
  }

  /** Whether nothing was left. Of several that close, the first to come here says so: to the others all looks settled. */
  #finish(isEmpty: boolean): boolean {
    this.#isClosed = true;
    this.#ended ??= isEmpty;
    clearInterval(this.#beats);
    const left = this.#sender.stop();
    // What a disk queue has is not lost by the end of its recorder.
    this.#drop(
      left.filter(({ place }) => place === undefined),
      "closed",
    );
    this.#disk?.close();
    this.#settled();
    return this.#ended;
  }
}

function isSigned(event: NewEvent | SignedEvent): event is SignedEvent {
  const { signature } = event as Partial<SignedEvent>;
  return typeof signature === "string" && /^[0-9a-f]{64}$/i.test(signature);
}

/** An entry of an event as it was signed: what its signature covers is its own text, to the byte. */
function signedEntry(event: SignedEvent): { entry: Entry; id: string | undefined } {
  const canonical = canonicalizeWithout(event, "signature");
  const bytes = utf8Bytes(canonical) + SIGNATURE_BYTES;
  if (bytes > EVENT_BYTES_MAX) throw tooLarge(bytes);
  const entry = Entry.ofSigned(canonical, event.signature);
  // Another time would want another signature, which need not be of this key.
  entry.isRetimed = true;
  return { entry, id: eventIdOf(event) };
}
