/**
 * The recorder: takes what an AI system does, and sends it in the background. It never throws into its caller, never
 * holds more than its bounds, and tells of whatever it could not keep.
 */

import { currentMetadata } from "../context/context.js";
import { DiskQueue } from "../disk/queue.js";
import { InvalidEventError } from "../errors.js";
import { compose } from "../event/compose.js";
import { SigningKey } from "../event/hmac.js";
import { nextSequence } from "../event/sequence.js";
import { SIGNATURE_BYTES } from "../event/signature.js";
import type { Action, Decision, ErrorTold, EventHead, NewEvent, Query, Response } from "../event/types.js";
import { Transport } from "../http/transport.js";
import { EVENT_BYTES_MAX } from "../json/bounds.js";
import { writeSafely } from "../json/safe.js";
import { type Settings, secretOf, settingsOf } from "../settings.js";
import { Counters, type Stats } from "./counters.js";
import { Delivery } from "./delivery.js";
import { Entry } from "./entry.js";
import { forgetEnding, registerEnding } from "./exit.js";
import { actionOf, decisionOf, errorOf, eventOf, queryOf, responseOf, tidyHead } from "./kinds.js";
import { Notices } from "./notices.js";
import { type Bounds, boundsOf, type DropReason, type RecorderOptions } from "./options.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";

/** With `block`, a promise of room while there is none. Nothing to wait for otherwise. */
export type Room = Promise<void> | undefined;

/** Callers of `block` that do not wait for room may be so many queues ahead; then their events are dropped. */
const BLOCKED_QUEUES_MAX = 2;

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
  readonly #ending = { flush: () => this.flush(), close: () => this.close(), finish: () => this.#finish() };
  /** Who waits until something is settled. */
  #waiting: (() => boolean)[] = [];
  #isClosed = false;

  constructor(options: RecorderOptions = {}) {
    this.#settings = settingsOf(options);
    this.#bounds = boundsOf(options);
    this.#options = options;
    this.#key = new SigningKey(secretOf(this.#settings));
    this.#transport = new Transport(this.#settings);
    this.#notices = new Notices(options.log ?? ((line) => console.warn(line)));
    const delivery = new Delivery(this.#transport, this.#bounds, this.#key);
    this.#sender = new Sender(this.#queue, delivery, this.#bounds, {
      attempted: (isRetry) => this.#attempted(isRetry),
      accepted: (entries) => this.#accepted(entries),
      refused: (entry, refusal) => {
        this.#counters.refused += 1;
        this.#disk?.done([entry]);
        this.#notices.say("refused", `the gateway refused an event: ${refusal.code}`);
        this.#notices.call(() => this.#options.onRefused?.(entry.event(this.#key), refusal));
      },
      dropped: (entry, reason) => this.#drop(entry, reason),
      failed: (fault, isCredentials) => {
        if (isCredentials) this.#notices.say("credentials", `events wait, since the gateway says ${fault.code}`);
        else this.#notices.say("failed", `events wait to be sent again: ${fault.code}`);
      },
      settled: () => this.#settled(),
    });
    this.#disk = options.diskQueue === undefined ? undefined : this.#openDisk(options.diskQueue);
    if (options.flushAtExit ?? true) registerEnding(this.#ending);
  }

  /** A function that the AI system called, and what came of it. */
  action(action: Partial<Action> & { function: string }, head?: EventHead): Room {
    return this.#take(() => {
      const event = eventOf("ai.action", head);
      event.action = actionOf(action);
      return event;
    });
  }

  /** A choice between options. */
  decision(decision: Partial<Decision>, head?: EventHead): Room {
    return this.#take(() => {
      const event = eventOf("ai.decision", head);
      event.decision = decisionOf(decision);
      return event;
    });
  }

  /** What went wrong: an `Error`, whatever was thrown, or the fields themselves. */
  error(error: unknown, head?: EventHead & { recoverable?: boolean | undefined }): Room {
    return this.#take(() => {
      const { recoverable, ...rest } = head ?? {};
      const event = eventOf("ai.error", rest);
      event.error = errorOf(error, recoverable) satisfies ErrorTold;
      return event;
    });
  }

  /** What was asked. */
  query(query: Query, head?: EventHead): Room {
    return this.#take(() => {
      const event = eventOf("ai.query", head);
      event.query = queryOf(query);
      return event;
    });
  }

  /** What came back. */
  response(response: Partial<Response>, head?: EventHead): Room {
    return this.#take(() => {
      const event = eventOf("ai.response", head);
      event.response = responseOf(response);
      return event;
    });
  }

  /** Any event. */
  record(event: NewEvent): Room {
    return this.#take(() => ({ ...event }));
  }

  /** Waits until all that was recorded before is settled; false when that took longer. */
  async flush(timeoutMs: number = this.#bounds.flushTimeoutMs): Promise<boolean> {
    const upTo = this.#counters.recorded;
    const isDone = (): boolean => this.#counters.settled >= upTo;
    if (isDone()) return true;
    this.#sender.urge();
    return new Promise((resolve) => {
      // This timer holds the process.
      const timer = setTimeout(() => end(false), timeoutMs);
      const waiting = (): boolean => isDone() && end(true);
      const end = (done: boolean): true => {
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
   * for the next recorder. True when nothing was left.
   */
  async close(timeoutMs: number = this.#bounds.flushTimeoutMs): Promise<boolean> {
    if (this.#isClosed) return this.#sender.underWayEvents + this.#queue.length === 0 || this.flush(timeoutMs);
    this.#isClosed = true;
    const isEmpty = await this.flush(timeoutMs);
    this.#finish();
    forgetEnding(this.#ending);
    return isEmpty;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  stats(): Stats {
    const { skewMs } = this.#transport.clock;
    const { recorded, accepted, refused, dropped, droppedBy, requests, retries } = this.#counters;
    const queuedEvents = this.#queue.length + this.#sender.underWayEvents;
    const queuedBytes = this.#queue.bytes + this.#sender.underWayBytes;
    const counted = { recorded, accepted, refused, dropped, droppedBy: { ...droppedBy }, queuedEvents, queuedBytes };
    return { ...counted, requests, retries, ...(skewMs === undefined ? {} : { skewMs }) };
  }

  /** Makes an entry of an event and queues it; whatever goes wrong, the caller does not notice. */
  #take(make: () => NewEvent): Room {
    this.#counters.recorded += 1;
    try {
      const entry = this.#entryOf(make());
      if (entry === undefined) return this.#lose("event_too_large");
      if (this.#isClosed) return this.#drop(entry, "closed");
      return this.#admit(entry);
    } catch (error) {
      const why = error instanceof InvalidEventError || error instanceof Error ? error.name : "unknown";
      this.#notices.say("unrecordable", `an event could not be recorded (${why})`);
      return this.#lose("unrecordable");
    }
  }

  #entryOf(event: NewEvent): Entry | undefined {
    const metadata = currentMetadata();
    const composed = compose(tidyHead(event), this.#settings, metadata, nextSequence);
    const written = writeSafely(composed, EVENT_BYTES_MAX - SIGNATURE_BYTES);
    return written && new Entry(written.text, written.bytes, performance.now());
  }

  #admit(entry: Entry): Room {
    let room: Room;
    if (this.#isFull(entry)) {
      if (this.#bounds.whenFull === "drop_newest") return this.#drop(entry, "queue_full");
      if (this.#bounds.whenFull === "drop_oldest") {
        while (this.#isFull(entry)) {
          const oldest = this.#queue.shift();
          // All that is left is under way.
          if (oldest === undefined) return this.#drop(entry, "queue_full");
          this.#drop(oldest, "queue_full");
        }
      } else {
        if (this.#isFull(entry, BLOCKED_QUEUES_MAX)) return this.#drop(entry, "queue_full");
        room = this.#roomAfter();
      }
    }
    this.#queue.push(entry);
    this.#disk?.keep(entry, this.#key);
    if (room !== undefined) this.#sender.urge();
    else this.#sender.noticed();
    return room;
  }

  #isFull(entry: Entry | undefined, queues = 1): boolean {
    const events = this.#queue.length + this.#sender.underWayEvents + (entry === undefined ? 0 : 1);
    const bytes = this.#queue.bytes + this.#sender.underWayBytes + (entry?.bytes ?? 0);
    return events > this.#bounds.queueEventsMax * queues || bytes > this.#bounds.queueBytesMax * queues;
  }

  #roomAfter(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        if (this.#isFull(undefined)) return false;
        resolve();
        return true;
      });
    });
  }

  #openDisk(folder: string): DiskQueue | undefined {
    try {
      const disk = new DiskQueue(folder, (line) => this.#notices.say("disk", line));
      for (const entry of disk.left(this.#bounds.queueEventsMax, this.#bounds.queueBytesMax)) {
        this.#counters.recorded += 1;
        this.#queue.push(entry);
      }
      this.#sender.noticed();
      return disk;
    } catch (error) {
      const { code } = error as { code?: unknown };
      this.#notices.say("disk", `the disk queue can't be used (${typeof code === "string" ? code : "unknown"})`);
      return undefined;
    }
  }

  #attempted(isRetry: boolean): void {
    this.#counters.requests += 1;
    if (isRetry) this.#counters.retries += 1;
  }

  #accepted(entries: readonly Entry[]): void {
    this.#counters.accepted += entries.length;
    this.#disk?.done(entries);
    this.#notices.mended("credentials");
  }

  #drop(entry: Entry, reason: DropReason): undefined {
    // What a disk queue has is not lost by the end of its recorder.
    if (reason !== "closed") this.#disk?.done([entry]);
    this.#counters.drop(reason);
    this.#notices.say("dropped", `an event was dropped (${reason})`);
    if (this.#options.onDropped === undefined) return;
    this.#notices.call(() => this.#options.onDropped?.(entry.event(this.#key), reason));
  }

  /** An event that never was one. */
  #lose(reason: DropReason): undefined {
    this.#counters.drop(reason);
    this.#notices.call(() => this.#options.onDropped?.(undefined, reason));
  }

  #settled(): void {
    this.#waiting = this.#waiting.filter((isDone) => !isDone());
  }

  #finish(): void {
    this.#isClosed = true;
    for (const entry of this.#sender.stop()) this.#drop(entry, "closed");
    this.#disk?.close();
    this.#settled();
  }
}
