import type { Query, Transport } from "../http/transport.js";

/** A page of a list. */
export interface Page<T> {
  readonly items: T[];
  /** What `cursor` to ask the next page with; null is the end. */
  readonly next_cursor?: string | null;
}

/** A list that is fetched page by page as it is read: `for await (const item of list)`. */
export class Listing<T> implements AsyncIterable<T> {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #query: Query;

  constructor(transport: Transport, path: string, query: Query) {
    this.#transport = transport;
    this.#path = path;
    this.#query = query;
  }

  /** One page: the first, or the one that a cursor leads to. */
  async page(cursor?: string): Promise<Page<T>> {
    const query = cursor === undefined ? this.#query : { ...this.#query, cursor };
    return this.#transport.json<Page<T>>({ method: "GET", path: this.#path, query }, ({ items }) =>
      Array.isArray(items),
    );
  }

  /** Page after page. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let page = await this.page();
    yield page;
    while (page.next_cursor) {
      page = await this.page(page.next_cursor);
      yield page;
    }
  }

  /** Item after item, of all pages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }
}

/** A part of a path. */
export function segment(text: string): string {
  // A dot alone would be taken for a folder.
  return encodeURIComponent(text).replace(/^\.+$/, (dots) => dots.replaceAll(".", "%2E"));
}
