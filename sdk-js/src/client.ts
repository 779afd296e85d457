/** The client: records an event and waits for its acknowledgement, reads, watches and manages. */

import { type EventResult, InvalidEventError } from "./errors.js";
import { check, checkOwnTime, isCalled, refuseFaults, tooLarge } from "./event/check.js";
import { compose } from "./event/compose.js";
import { schemaFaults } from "./event/schema.js";
import { nextSequence, peekSequence } from "./event/sequence.js";
import { SIGNATURE_BYTES, signText, withSignature } from "./event/signature.js";
import type { Metadata, NewEvent, SignedEvent } from "./event/types.js";
import { Transport } from "./http/transport.js";
import { EVENT_BYTES_MAX, utf8Bytes } from "./json/bounds.js";
import { canonicalize, canonicalizeToSend } from "./json/canonical.js";
import { Events } from "./resources/events.js";
import { Keys } from "./resources/keys.js";
import type { Message, Published, PublishedMany, PublishOptions } from "./resources/publish.js";
import { Topics } from "./resources/topics.js";
import { type ClientOptions, type Settings, secretOf, settingsOf } from "./settings.js";
import type { EventStreamFilter, MessageStreamFilter, StreamedEvent, StreamedMessage } from "./stream/frames.js";
import { EventStream, type StreamFilter, type StreamOptions } from "./stream/stream.js";

/** An event that the gateway keeps. */
export interface Acknowledged {
  readonly event_id: string;
  readonly status: "accepted";
}

/** What became of several events. */
export interface AcknowledgedMany {
  readonly accepted: number;
  readonly rejected: number;
  readonly results: readonly EventResult[];
}

export class Client {
  /** What is kept. */
  readonly events: Events;
  /** Topics of one's own. */
  readonly topics: Topics;
  /** API keys. */
  readonly keys: Keys;

  // Private to the language too: no `console.log` of a client shows a key.
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #metadata: () => Metadata | undefined;

  constructor(options: ClientOptions & { metadata?: () => Metadata | undefined } = {}) {
    this.#settings = settingsOf(options);
    this.#transport = new Transport(this.#settings);
    this.#metadata = options.metadata ?? (() => undefined);
    this.events = new Events(this.#transport);
    this.topics = new Topics(this.#transport);
    this.keys = new Keys(this.#transport);
  }

  /** Where the gateway is. */
  get url(): string {
    return this.#settings.url;
  }

  /**
   * Signs an event, sends it, and waits until the gateway has it on disk. What can't be signed, breaks the schema or brings
   * an `event_id` of another time than its own is an `InvalidEventError` before anything is sent; what the gateway refuses is
   * an `ApiError`. An event that is signed already is sent as it is.
   */
  async record(event: NewEvent | SignedEvent): Promise<Acknowledged> {
    const { text, signed } = "signature" in event ? checkedText(event) : await this.#signed(event);
    return this.#transport.json<Acknowledged>(
      { method: "POST", path: "/aibbar/events", body: text, headers: { "content-type": "application/json" } },
      // What names another event, or none, is no gateway's.
      ({ event_id, status }) => status === "accepted" && isCalled(signed, event_id),
    );
  }

  async #signed(event: NewEvent): Promise<Checked> {
    const secret = secretOf(this.#settings);
    const composed = compose(event, this.#settings, this.#metadata(), peekSequence);
    const canonical = canonicalizeToSend(composed);
    const bytes = utf8Bytes(canonical) + SIGNATURE_BYTES;
    if (bytes > EVENT_BYTES_MAX) throw tooLarge(bytes);
    const signed = { ...composed, signature: "0".repeat(64) } as unknown as SignedEvent;
    refuseFaults(schemaFaults(signed));
    checkOwnTime(signed);
    const { signingKeyId } = this.#settings;
    if (signingKeyId !== undefined && signed.key_id !== signingKeyId) {
      const detail = "it names another signing key than the one whose secret is at hand";
      throw new InvalidEventError("invalid_signature", detail);
    }
    // Only now: an event that is refused here leaves no hole in the numbers.
    if (event.sequence === undefined) nextSequence(signed.ai_id);
    const signature = await signText(canonical, secret);
    return { text: withSignature(canonical, signature), signed: { ...signed, signature } };
  }

  /** Publishes one message, or several; `topic` is that of messages that name none. */
  async publish(message: Message, options?: PublishOptions): Promise<Published>;
  async publish(messages: readonly Message[], options?: PublishOptions): Promise<PublishedMany>;
  async publish(
    message: Message | readonly Message[],
    options: PublishOptions = {},
  ): Promise<Published | PublishedMany> {
    const { idempotencyKey } = options;
    return this.#transport.json({
      method: "POST",
      path: "/events/publish",
      query: { topic: options.topic },
      json: message,
      headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    });
  }

  /**
   * Events as they are acknowledged: `for await (const { event, record } of client.stream())`. A stream that is cut
   * goes on where it was.
   */
  stream(filter?: EventStreamFilter, options?: StreamOptions): EventStream<StreamedEvent>;
  stream(filter: MessageStreamFilter, options?: StreamOptions): EventStream<StreamedMessage>;
  stream(filter: StreamFilter = {}, options: StreamOptions = {}): EventStream<StreamedEvent & StreamedMessage> {
    return new EventStream(this.#transport, filter, options);
  }
}

/** An event, and its text as it is sent. */
interface Checked {
  readonly text: string;
  readonly signed: SignedEvent;
}

/** An event as it was signed, held to the schema. */
function checkedText(event: SignedEvent): Checked {
  const text = canonicalize(event);
  const signed = check(text);
  checkOwnTime(signed);
  return { text, signed };
}
