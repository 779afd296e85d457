/** Messages of one's own topics. */

import type { EventResult } from "../errors.js";

/** One message. */
export interface Message {
  topic?: string | undefined;
  /** Messages of one key stay in order. */
  key?: string | undefined;
  /** Any JSON. `null` deletes its key from a compacted topic. */
  message: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
  /** The publisher's own time, RFC 3339. */
  timestamp?: string | undefined;
}

/** What became of a message. */
export interface Published {
  message_id?: string;
  topic?: string;
  /** Absent while the message waits in the gateway's spool. */
  partition?: number;
  offset?: number;
  status: "accepted" | "rejected";
}

/** What became of each of several. */
export interface PublishedMany {
  accepted: number;
  rejected: number;
  results: (Published & Pick<EventResult, "index" | "code" | "detail" | "errors">)[];
}

/** How messages are published. */
export interface PublishOptions {
  /** The topic of messages that name none. */
  topic?: string | undefined;
  /** The same key with the same body again within 24 hours publishes nothing twice. */
  idempotencyKey?: string | undefined;
}
