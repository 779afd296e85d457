/** What a client and a recorder are told: arguments first, then the environment. */

import { ConfigurationError } from "./errors.js";

/** Where the gateway is, and who speaks. */
export interface ClientOptions {
  /** The gateway; `GAPIN_URL`, or `http://127.0.0.1:8080`. */
  url?: string | undefined;
  /** `GAPIN_API_KEY` */
  apiKey?: string | undefined;
  /** `GAPIN_SIGNING_SECRET`; needed to record alone. */
  signingSecret?: string | undefined;
  /** `GAPIN_SIGNING_KEY_ID`, where the secret is of the environment; absent: the organisation's default key. */
  signingKeyId?: string | undefined;
  /** `GAPIN_AI_ID`: the AI system that events are of, where they name none. */
  aiId?: string | undefined;
  /** The version of the AI system, where events name none. */
  aiVersion?: string | undefined;
  /** How long an answer is waited for: 10,000 ms. */
  requestTimeoutMs?: number | undefined;
  /** The platform's `fetch`, unless another is given. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** The same, with everything that has a default. */
export interface Settings {
  readonly url: string;
  readonly apiKey: string;
  readonly signingSecret: string | undefined;
  readonly signingKeyId: string | undefined;
  readonly aiId: string | undefined;
  readonly aiVersion: string | undefined;
  readonly requestTimeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

export const DEFAULT_URL = "http://127.0.0.1:8080";
export const REQUEST_TIMEOUT_MS = 10_000;

/** Reads the options and, where they say nothing, the environment. */
export function settingsOf(options: ClientOptions): Settings {
  const apiKey = options.apiKey ?? fromEnvironment("GAPIN_API_KEY");
  if (apiKey === undefined) {
    throw new ConfigurationError("no API key: set GAPIN_API_KEY, or give `apiKey`");
  }
  // Another would be refused by `fetch`, in a message that shows it.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new ConfigurationError("the API key holds characters that no key has");
  return {
    url: baseUrl(options.url ?? fromEnvironment("GAPIN_URL") ?? DEFAULT_URL),
    apiKey,
    signingSecret: options.signingSecret ?? fromEnvironment("GAPIN_SIGNING_SECRET"),
    // A key's id belongs to its secret: one from the environment says nothing of a secret that was passed.
    signingKeyId: options.signingKeyId ?? (options.signingSecret ? undefined : fromEnvironment("GAPIN_SIGNING_KEY_ID")),
    aiId: options.aiId ?? fromEnvironment("GAPIN_AI_ID"),
    aiVersion: options.aiVersion,
    requestTimeoutMs: positive("requestTimeoutMs", options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS),
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
  };
}

/** The secret to sign with, or an error that says what to set. */
export function secretOf(settings: Settings): string {
  if (!settings.signingSecret) {
    throw new ConfigurationError("no signing secret: set GAPIN_SIGNING_SECRET, or give `signingSecret`");
  }
  return settings.signingSecret;
}

/** A whole number above 0. */
export function positive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) throw new ConfigurationError(`\`${name}\` must be a whole number above 0`);
  return value;
}

function baseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigurationError("the gateway's URL is none");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ConfigurationError("the gateway's URL must begin with http:// or https://");
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigurationError("the gateway's URL must hold no credentials; an API key is given as `apiKey`");
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

/** Browsers have no environment. An empty variable is an absent one. */
function fromEnvironment(name: string): string | undefined {
  const platform = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return platform.process?.env?.[name] || undefined;
}
