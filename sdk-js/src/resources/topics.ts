/** `client.topics`: topics of one's own. */

import type { Transport } from "../http/transport.js";
import { Listing, segment } from "./pages.js";

/** A topic to be made; what is not said the gateway chooses. */
export interface NewTopic {
  name: string;
  partitions?: number | undefined;
  /** `null`: until messages are deleted. */
  retention_days?: number | null | undefined;
  compacted?: boolean | undefined;
  /** The JSON Schema that messages must meet. */
  schema?: object | null | undefined;
}

/** A topic as it is kept. */
export interface Topic {
  name: string;
  partitions: number;
  retention_days?: number | null;
  compacted: boolean;
  schema?: object | null;
  /** Whether it is the gateway's own. */
  reserved: boolean;
  created_at?: string | null;
  created_by?: string | null;
  updated_at?: string | null;
}

/** A topic, and what is in it now. */
export interface TopicDescribed extends Topic {
  statistics: Record<string, unknown>;
}

/** Topics of one's own: `client.topics`. */
export class Topics {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Makes a topic. One of that name that is there is a `ConflictError`. */
  async create(topic: NewTopic): Promise<Topic> {
    return this.#transport.json({ method: "POST", path: "/api/v1/topics", json: topic });
  }

  /** All topics; fetched page by page of `limit` as they are read. */
  list(options: { limit?: number | undefined } = {}): Listing<Topic> {
    return new Listing(this.#transport, "/api/v1/topics", options);
  }

  /** One topic, and what is in it. */
  async get(name: string): Promise<TopicDescribed> {
    return this.#transport.json({ method: "GET", path: pathOf(name) });
  }

  /** Changes what is named; the rest stays. */
  async update(name: string, change: Omit<NewTopic, "name">): Promise<Topic> {
    return this.#transport.json({ method: "PATCH", path: pathOf(name), json: change });
  }

  /** Deletes the topic with its messages, for good. */
  async delete(name: string): Promise<void> {
    await this.#transport.json({ method: "DELETE", path: pathOf(name), query: { confirm: name } });
  }
}

function pathOf(name: string): string {
  return `/api/v1/topics/${segment(name)}`;
}
