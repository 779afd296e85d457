/**
 * What is below the live rows: stored events, newest first, page by page. The store orders them by id, which begins with
 * the time of the event.
 *
 * The seam: an event is acknowledged by the log, and in the store a moment later. What was acknowledged shortly before the
 * stream began is in neither when the first page is read. So the head of history is read again after a while
 * (`settle`), and what has come meanwhile is put in its place. Whoever is among the live rows is left out here.
 */
import { readPage } from "./frames";
import type { Row } from "./row";

export const HISTORY_ROWS_MAX = 20_000;
const FIRST_PAGE_ROWS = 100;
const PAGE_ROWS = 200;
/** A page may hold nothing that is not shown already; so many are read in search of more. */
const PAGES_AT_ONCE_MAX = 10;

export type HistoryState =
  /** Nothing was read yet, or there is more. */
  | { kind: "more" }
  | { kind: "loading" }
  | { kind: "end" }
  /** As many as memory shall hold; what is older needs a narrower range. */
  | { kind: "full" }
  | { kind: "failed"; problem: unknown }
  /** There is none: messages of other topics. */
  | { kind: "none" };

export interface PageQuery {
  limit: number;
  /** Before this time, RFC 3339. */
  to?: string;
  cursor?: string;
}

/** Reads a page as the JSON text that the gateway sent. */
export type ReadPage = (query: PageQuery, signal: AbortSignal) => Promise<string>;

export class History {
  rows: Row[] = [];
  state: HistoryState = { kind: "more" };
  private readonly keys = new Set<string>();
  private cursor: string | undefined;
  private lowestOfFirstPage: string | undefined;
  private aborted = new AbortController();
  private settling = false;

  constructor(
    private readonly read: ReadPage,
    /** Whether a row stands among the live ones. */
    private readonly isShown: (key: string) => boolean,
    private readonly changed: () => void,
    /** Only what happened before this, in milliseconds. */
    private readonly before = Number.POSITIVE_INFINITY,
    private readonly rowsMax = HISTORY_ROWS_MAX,
  ) {}

  get hasBegun(): boolean {
    return this.lowestOfFirstPage !== undefined || this.state.kind !== "more";
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** Reads on, until there is something new. */
  async more(): Promise<void> {
    if (this.state.kind !== "more" && this.state.kind !== "failed") return;
    this.become({ kind: "loading" });
    const { signal } = this.aborted;
    try {
      this.become(await this.readOn(signal));
    } catch (problem) {
      if (!signal.aborted) this.become({ kind: "failed", problem });
    }
  }

  private async readOn(signal: AbortSignal): Promise<HistoryState> {
    for (let pages = 0; pages < PAGES_AT_ONCE_MAX; pages += 1) {
      const limit = this.lowestOfFirstPage === undefined ? FIRST_PAGE_ROWS : PAGE_ROWS;
      const page = await this.page({ limit, cursor: this.cursor }, signal);
      const fresh = page.rows.filter((row) => this.isNew(row));
      this.lowestOfFirstPage ??= page.rows.at(-1)?.id ?? "";
      this.cursor = page.next;
      this.put(fresh, this.rows.length);
      if (page.next === undefined) return { kind: "end" };
      if (this.rows.length >= this.rowsMax) return { kind: "full" };
      if (fresh.length > 0) break;
    }
    return { kind: "more" };
  }

  /** Reads the head again; answers how many rows were put between those that are here. */
  async settle(): Promise<number> {
    const lowest = this.lowestOfFirstPage;
    if (lowest === undefined || this.settling || this.aborted.signal.aborted) return 0;
    this.settling = true;
    const { signal } = this.aborted;
    try {
      const found: Row[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < PAGES_AT_ONCE_MAX; pages += 1) {
        const page = await this.page({ limit: PAGE_ROWS, cursor }, signal);
        // Below the first page, what was read was in the store for long.
        found.push(...page.rows.filter((row) => row.id >= lowest && this.isNew(row)));
        cursor = page.next;
        if (cursor === undefined || (page.rows.at(-1)?.id ?? "") <= lowest) break;
      }
      this.insert(found);
      return found.length;
    } catch {
      // Nobody asked for it; the next one comes soon, and reading on tells what is wrong.
      return 0;
    } finally {
      this.settling = false;
    }
  }

  /** Nothing that is under way changes anything any more. */
  drop(): void {
    this.aborted.abort();
  }

  /** The latest time among what was read. */
  latest(): string {
    return this.rows[0]?.happened ?? "";
  }

  private async page(query: { limit: number; cursor: string | undefined }, signal: AbortSignal) {
    const { limit, cursor } = query;
    const to = Number.isFinite(this.before) ? { to: new Date(this.before).toISOString() } : {};
    const text = await this.read({ limit, ...to, ...(cursor === undefined ? {} : { cursor }) }, signal);
    signal.throwIfAborted();
    return readPage(text);
  }

  private isNew(row: Row): boolean {
    return !this.keys.has(row.key) && !this.isShown(row.key);
  }

  private put(rows: readonly Row[], at: number): void {
    if (rows.length === 0) return;
    this.rows = [...this.rows.slice(0, at), ...rows, ...this.rows.slice(at)];
    for (const row of rows) this.keys.add(row.key);
  }

  /** Each in its place. */
  private insert(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    for (const row of rows) this.keys.add(row.key);
    this.rows = [...this.rows, ...rows].sort((one, other) =>
      one.id < other.id ? 1 : one.id > other.id ? -1 : 0,
    );
    this.changed();
  }

  private become(state: HistoryState): void {
    this.state = state;
    this.changed();
  }
}
