/** Events that wait, oldest first, within a bound of count and one of bytes. */

import type { Entry } from "./entry.js";

export class Queue {
  private entries: Entry[] = [];
  private head = 0;
  #bytes = 0;

  get length(): number {
    return this.entries.length - this.head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): Entry | undefined {
    return this.entries[this.head];
  }

  push(entry: Entry): void {
    this.entries.push(entry);
    this.#bytes += entry.bytes;
  }

  shift(): Entry | undefined {
    const entry = this.entries[this.head];
    if (entry === undefined) return undefined;
    this.head += 1;
    this.#bytes -= entry.bytes;
    // What was taken is let go once it is half of the array: each entry is moved once on average.
    if (this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
    return entry;
  }

  /** The oldest, as many as a batch may hold; at least one, if there is any. */
  take(eventsMax: number, bytesMax: number): Entry[] {
    const taken: Entry[] = [];
    let bytes = 0;
    for (let next = this.oldest; next !== undefined && taken.length < eventsMax; next = this.oldest) {
      bytes += next.bytes;
      if (taken.length > 0 && bytes > bytesMax) break;
      taken.push(next);
      this.shift();
    }
    return taken;
  }

  /** Back to where they were taken from. */
  putBack(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.entries = [...entries, ...this.entries.slice(this.head)];
    this.head = 0;
    for (const entry of entries) this.#bytes += entry.bytes;
  }
}
