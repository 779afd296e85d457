/**
 * Events on disk until they are acknowledged.
 *
 * A folder of segments, each a text file: `+<number> <event>` for an event as it is signed, `-<number> <number> …` for
 * those that are done with. An event is written before its recording returns, so it survives a crash of the process (what
 * the system has not written to the disk yet does not survive the system's). A segment goes when all of its events are done
 * with. The first recorder that finds segments of a process that is no more takes them over; an event that was
 * acknowledged a moment before the crash is sent once more, and the gateway keeps it once, by its id.
 */

import { randomInt } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

import type { SigningKey } from "../event/hmac.js";
import { Entry } from "../recorder/entry.js";

/** A segment is full from here on: 4 MiB. */
export const SEGMENT_BYTES_MAX = 4 * 1024 * 1024;

/** Of which process, since when that runs, whose queue in it, and which of that queue's. */
const SEGMENT = /^(\d+)-(\d+)-(\d+)-(\d+)\.queue$/;

interface Segment {
  readonly path: string;
  readonly file: number;
  bytes: number;
  /** Events that are not done with. */
  open: number;
  next: number;
}

interface Place {
  readonly segment: Segment;
  readonly number: number;
}

export class DiskQueue {
  /** Of this process and no other that had its number; and of this queue in it, whatever thread it is of. */
  private readonly owner = `${process.pid}-${startOf(process.pid) ?? 0}-${randomInt(2 ** 47)}`;
  private readonly segments = new Set<Segment>();
  private current: Segment | undefined;
  private made = 0;

  constructor(
    private readonly folder: string,
    private readonly say: (line: string) => void,
  ) {
    // Events are nobody else's to read.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Writes an event down. */
  keep(entry: Entry, key: SigningKey): void {
    this.guarded(() => {
      const segment = this.writable();
      const number = segment.next++;
      segment.open += 1;
      entry.place = { segment, number } satisfies Place;
      this.write(segment, `+${number} ${entry.line(key)}\n`);
    });
  }

  /** These are acknowledged, refused or dropped. */
  done(entries: readonly Entry[]): void {
    this.guarded(() => {
      const bySegment = new Map<Segment, number[]>();
      for (const { place } of entries as readonly { place: Place | undefined }[]) {
        if (place === undefined) continue;
        const numbers = bySegment.get(place.segment) ?? [];
        numbers.push(place.number);
        bySegment.set(place.segment, numbers);
      }
      for (const [segment, numbers] of bySegment) {
        segment.open -= numbers.length;
        if (segment.open === 0 && segment !== this.current) this.remove(segment);
        else this.write(segment, `-${numbers.join(" ")}\n`);
      }
    });
  }

  /** What processes before this one left, oldest first, as much as the queue may hold; the rest stays for the next start. */
  left(eventsMax: number, bytesMax: number): Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    for (const name of this.abandoned()) {
      const text = this.read(name);
      if (text === undefined) continue;
      const lines = openLines(text);
      const size = [...lines.values()].reduce((sum, line) => sum + Buffer.byteLength(line), 0);
      if (entries.length > 0 && (entries.length + lines.size > eventsMax || bytes + size > bytesMax)) break;
      bytes += size;
      const segment = this.takeOver(name, lines.size);
      if (segment === undefined) continue;
      for (const [number, line] of lines) {
        const entry = Entry.ofLine(line);
        entry.place = { segment, number } satisfies Place;
        entries.push(entry);
      }
      if (lines.size === 0) this.remove(segment);
    }
    return entries;
  }

  close(): void {
    for (const segment of this.segments) {
      if (segment.open === 0) this.remove(segment);
      else closeSync(segment.file);
    }
    this.segments.clear();
    this.current = undefined;
  }

  private writable(): Segment {
    const { current } = this;
    if (current !== undefined && current.bytes < SEGMENT_BYTES_MAX) return current;
    const path = this.newPath();
    const segment: Segment = { path, file: openSync(path, "ax", 0o600), bytes: 0, open: 0, next: 0 };
    this.segments.add(segment);
    this.current = segment;
    if (current?.open === 0) this.remove(current);
    return segment;
  }

  private newPath(): string {
    return join(this.folder, `${this.owner}-${this.made++}.queue`);
  }

  private write(segment: Segment, text: string): void {
    segment.bytes += writeSync(segment.file, text);
  }

  private remove(segment: Segment): void {
    this.segments.delete(segment);
    if (segment === this.current) this.current = undefined;
    closeSync(segment.file);
    rmSync(segment.path, { force: true });
  }

  /** Segments whose processes are no more, in the order in which they were made. */
  private abandoned(): string[] {
    const found = readdirSync(this.folder).flatMap((name) => {
      const [, pid, start, queue, made] = SEGMENT.exec(name) ?? [];
      if (pid === undefined || name.startsWith(`${this.owner}-`) || isAlive(Number(pid), Number(start))) return [];
      return [{ name, order: [Number(start), queue ?? "", Number(made)] as const }];
    });
    const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
    found.sort(({ order: a }, { order: b }) => compare(a[0], b[0]) || compare(a[1], b[1]) || compare(a[2], b[2]));
    return found.map(({ name }) => name);
  }

  private read(name: string): string | undefined {
    try {
      return readFileSync(join(this.folder, name), "utf8");
    } catch {
      return undefined; // another has taken it over since the folder was listed
    }
  }

  /** By its name: of several processes that find it, one has it. */
  private takeOver(name: string, open: number): Segment | undefined {
    const path = this.newPath();
    try {
      renameSync(join(this.folder, name), path);
    } catch {
      return undefined; // another was faster
    }
    const segment: Segment = { path, file: openSync(path, "a"), bytes: SEGMENT_BYTES_MAX, open, next: 0 };
    this.segments.add(segment);
    return segment;
  }

  /** A disk that fails costs what it was there for, and nothing else. */
  private guarded(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { code } = error as { code?: unknown };
      this.say(`the disk queue can't be written (${typeof code === "string" ? code : "unknown"})`);
    }
  }
}

/** The events of a segment that are not done with. A last line that was cut off is none. */
function openLines(text: string): Map<number, string> {
  const lines = new Map<number, string>();
  for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
    if (line.startsWith("-")) {
      for (const number of line.slice(1).split(" ")) lines.delete(Number(number));
    } else if (line.startsWith("+")) {
      const space = line.indexOf(" ");
      lines.set(Number(line.slice(1, space)), line.slice(space + 1));
    }
  }
  return lines;
}

/** Whether it is still the process that it was: in a container the next one often has the same number. */
function isAlive(pid: number, start: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code !== "EPERM") return false;
  }
  const startNow = startOf(pid);
  return startNow === undefined || start === 0 || startNow === start;
}

/** When a process began, in ticks since the machine did; −1 of one that has ended. Only Linux tells. */
function startOf(pid: number): number | undefined {
  try {
    // Its name, in parentheses, may hold anything.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return state === "Z" ? -1 : Number(fields[18]);
  } catch {
    return undefined;
  }
}
