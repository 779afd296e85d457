/**
 * What a browser needs: reading, watching, verifying. A signing secret does not belong into a page; whoever records
 * does so in Node.
 */

export { type Acknowledged, type AcknowledgedMany, Client } from "./client.js";
export * from "./errors.js";
export { check, checkTime, eventIdOf, type TimeWindow } from "./event/check.js";
export { deriveEventId, newEventId } from "./event/identity.js";
export { sign, signatureOf, verify } from "./event/signature.js";
export type * from "./event/types.js";
export type { Json, JsonObject } from "./json/bounds.js";
export { canonicalize } from "./json/canonical.js";
export { parseStrict } from "./json/parse.js";
export type { EventFilter, Events } from "./resources/events.js";
export type { ApiKey, ApiKeyWithSecret, Keys, NewKey } from "./resources/keys.js";
export type { Listing, Page } from "./resources/pages.js";
export type { Message, Published, PublishedMany, PublishOptions } from "./resources/publish.js";
export type { NewTopic, Topic, TopicDescribed, Topics } from "./resources/topics.js";
export type { ClientOptions } from "./settings.js";
export type {
  EventStreamFilter,
  Gap,
  MessageStreamFilter,
  StreamedEvent,
  StreamedMessage,
} from "./stream/frames.js";
export type { EventStream, StreamedItem, StreamOptions } from "./stream/stream.js";
export { VERSION } from "./version.js";
