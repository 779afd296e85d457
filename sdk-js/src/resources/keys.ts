/** `client.keys`: API keys. */

import type { Transport } from "../http/transport.js";
import { Listing, segment } from "./pages.js";

/** A key to be made: its name, what it may do, and within which limits. */
export interface NewKey {
  name: string;
  /** `events:write`, `events:read`, `keys:manage`, … */
  scopes: readonly string[];
  requests_per_minute?: number | null | undefined;
  events_per_day?: number | null | undefined;
  expires_at?: string | null | undefined;
  /** From where alone it may be used, as addresses or ranges. */
  allowed_ips?: readonly string[] | undefined;
}

/** A key as it is kept: everything but the key itself. */
export interface ApiKey {
  id: string;
  name: string;
  /** What the key begins with; not secret. */
  prefix: string;
  scopes: string[];
  status: string;
  effective_limits: Record<string, unknown>;
  allowed_ips: string[];
  made_by: string;
  created_at: string;
  requests_per_minute?: number | null;
  events_per_day?: number | null;
  expires_at?: string | null;
  last_used_at?: string | null;
  previous_valid_until?: string | null;
  revoked_at?: string | null;
}

/** A key with the key itself, which is shown this once. */
export interface ApiKeyWithSecret extends ApiKey {
  key: string;
}

/** The API keys of the organisation: `client.keys`. */
export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes a key. The answer alone shows it. */
  async create(key: NewKey): Promise<ApiKeyWithSecret> {
    return this.#transport.json({ method: "POST", path: "/api/v1/keys", json: key });
  }

  /** All keys; fetched page by page of `limit` as they are read. */
  list(options: { limit?: number | undefined } = {}): Listing<ApiKey> {
    return new Listing(this.#transport, "/api/v1/keys", options);
  }

  /** One key. */
  async get(id: string): Promise<ApiKey> {
    return this.#transport.json({ method: "GET", path: pathOf(id) });
  }

  /** Changes what is named; the rest stays. */
  async update(id: string, change: Partial<NewKey>): Promise<ApiKey> {
    return this.#transport.json({ method: "PATCH", path: pathOf(id), json: change });
  }

  /** A new secret for the same key; the old one stays good for `overlap_seconds`. */
  async rotate(id: string, options: { overlap_seconds?: number | undefined } = {}): Promise<ApiKeyWithSecret> {
    return this.#transport.json({ method: "POST", path: `${pathOf(id)}/rotate`, json: options });
  }

  /** The key is refused from now on. */
  async revoke(id: string): Promise<void> {
    await this.#transport.json({ method: "DELETE", path: pathOf(id) });
  }
}

function pathOf(id: string): string {
  return `/api/v1/keys/${segment(id)}`;
}
