/** The newest rows of the live stream, as many as memory shall hold, in the order in which GAPIN took them. */
import { parseTime } from "@/lib/time";
import type { Row } from "./row";

export const RING_ROWS_MAX = 20_000;
/** Characters of JSON; some have two bytes. */
export const RING_CHARS_MAX = 32 * 1024 * 1024;

/** Rows let go are cut off when there are this many, since each cut moves all others. */
const CUT_AT = 4_096;

export class Ring {
  /** Oldest first; those before `first` were let go. */
  private rows: (Row | undefined)[] = [];
  private first = 0;
  private readonly keys = new Set<string>();
  private chars = 0;
  /** Rows that ever were added. */
  added = 0;
  /** Rows that ever were let go. */
  letGo = 0;
  /** The latest `happened` of those let go, in milliseconds: what history has to begin behind. */
  letGoUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly rowsMax = RING_ROWS_MAX,
    private readonly charsMax = RING_CHARS_MAX,
  ) {}

  get length(): number {
    return this.rows.length - this.first;
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** Adds a row in its place; `double` is one that is here, `past` one older than all of a full ring. */
  add(row: Row): "added" | "double" | "past" {
    if (this.keys.has(row.key)) return "double";
    const place = this.placeOf(row.at);
    if (place === this.first && this.length > 0 && this.isFull(row)) {
      this.noteLetGo(row);
      return "past";
    }
    if (place === this.rows.length) this.rows.push(row);
    else this.rows.splice(place, 0, row);
    this.keys.add(row.key);
    this.chars += row.text.length;
    this.added += 1;
    while (this.length > this.rowsMax || (this.chars > this.charsMax && this.length > 1)) this.dropOldest();
    return "added";
  }

  newestFirst(): Row[] {
    const rows: Row[] = new Array(this.length);
    for (let index = 0; index < rows.length; index += 1) {
      rows[index] = this.rows[this.rows.length - 1 - index] as Row;
    }
    return rows;
  }

  private isFull(row: Row): boolean {
    return this.length >= this.rowsMax || this.chars + row.text.length > this.charsMax;
  }

  /** Behind all rows of the same time or an earlier one. Most rows are the newest. */
  private placeOf(at: number): number {
    let low = this.first;
    let high = this.rows.length;
    if (high === low || (this.rows[high - 1] as Row).at <= at) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.rows[middle] as Row).at <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private dropOldest(): void {
    const row = this.rows[this.first] as Row;
    this.rows[this.first] = undefined;
    this.first += 1;
    this.keys.delete(row.key);
    this.chars -= row.text.length;
    this.noteLetGo(row);
    if (this.first >= CUT_AT) {
      this.rows = this.rows.slice(this.first);
      this.first = 0;
    }
  }

  private noteLetGo(row: Row): void {
    this.letGo += 1;
    const happened = parseTime(row.happened).getTime();
    if (happened > this.letGoUntil) this.letGoUntil = happened;
  }
}
