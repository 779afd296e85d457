import { Client as BrowserClient } from "./client.js";
import { currentMetadata } from "./context/context.js";
import type { ClientOptions } from "./settings.js";

export * from "./browser.js";
export { currentMetadata, enterContext, withContext } from "./context/context.js";
export { verifySync } from "./event/hmac.js";
export type { Stats } from "./recorder/counters.js";
export type { DropReason, RecorderOptions, Refusal, WhenFull } from "./recorder/options.js";
export { type ErrorHead, type Recorded, Recorder } from "./recorder/recorder.js";
export { type WrapOptions, wrap } from "./wrap.js";

/** The client, whose events get the metadata of the context that they are recorded in. */
export class Client extends BrowserClient {
  constructor(options: ClientOptions = {}) {
    super({ ...options, metadata: currentMetadata });
  }
}
