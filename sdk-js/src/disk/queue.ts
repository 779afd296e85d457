/**
 * Events on disk until they are acknowledged.
 *
 * A folder of segments, each a text file: `+<number> <event>` for an event as it is signed, `-<number> <number> …` for
 * those that are done with. An event is written before its recording returns, so it survives a crash of the process (what
 * the system has not written to the disk yet does not survive the system's). A segment goes when all of its events are done
 * with. The first recorder that finds segments of a process that is no more, or of a recorder that was closed, takes them
 * over; an event that was acknowledged a moment before the crash is sent once more, and the gateway keeps it once, by its
 * id. Whether a process of another container lives can't be asked: its segments are touched as long as it does.
 */

import { randomInt } from "node:crypto";
import {
  closeSync,
  ftruncateSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import type { SigningKey } from "../event/hmac.js";
import { Entry } from "../recorder/entry.js";

/** A segment is full from here on: 4 MiB. */
export const SEGMENT_BYTES_MAX = 4 * 1024 * 1024;

/** So often a queue says of its segments that they are somebody's. */
export const BEAT_MS = 20_000;
/** Segments of another container of which that was not said for so long are nobody's. */
export const SILENCE_MS_MAX = 3 * BEAT_MS;

/**
 * Of which process (its container's namespace and its number there; or `closed`), since when that runs, whose queue in
 * it, and which of that queue's.
 */
const SEGMENT = /^(?:closed|(?:(\d+)-)?(\d+))-(\d+)-(\d+)-(\d+)\.queue$/;

interface Segment {
  readonly path: string;
  readonly file: number;
  /** Its number among those of this queue. */
  readonly made: number;
  bytes: number;
  /** Events that are not done with. */
  open: number;
  next: number;
}

interface Place {
  readonly segment: Segment;
  readonly number: number;
}

/** What recorders that are no more left. */
interface Left {
  readonly entries: readonly Entry[];
  /** How many events there can't be read. */
  readonly damaged: number;
}

export class DiskQueue {
  private readonly namespace = namespaceOf();
  /** Of this queue in its process, whatever thread it is of. */
  private readonly name = `${startOf(process.pid) ?? 0}-${randomInt(2 ** 47)}`;
  /** And of this process and no other that had its number. */
  private readonly owner = `${this.namespace}-${process.pid}-${this.name}`;
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
      const line = entry.line(key);
      try {
        entry.place = this.append(this.writable(), line);
      } catch (error) {
        // A file may be as long as it can be: another may take what this one does not.
        if (this.current === undefined || this.current.next === 0) throw error;
        entry.place = this.append(this.newSegment(), line);
      }
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

  /** These segments are somebody's. */
  beat(): void {
    this.guarded(() => {
      const now = new Date();
      for (const { file } of this.segments) futimesSync(file, now, now);
    });
  }

  /** What is nobody's any more, oldest first, as much as there is room for; the rest stays for later. */
  left(eventsMax: number, bytesMax: number, { atLeastOne }: { atLeastOne: boolean }): Left {
    const entries: Entry[] = [];
    let bytes = 0;
    let damaged = 0;
    for (const name of this.abandoned()) {
      const whole = this.read(name);
      if (whole === undefined) continue;
      const lines = openLines(whole.toString("utf8"));
      const size = [...lines.values()].reduce((sum, line) => sum + Buffer.byteLength(line), 0);
      const isTooMuch = entries.length + lines.size > eventsMax || bytes + size > bytesMax;
      if (isTooMuch && (entries.length > 0 || !atLeastOne)) break;
      bytes += size;
      const segment = this.takeOver(name, whole.length);
      if (segment === undefined) continue;
      for (const [number, line] of lines) {
        const entry = Entry.ofLine(line);
        if (entry === undefined) {
          damaged += 1;
          continue;
        }
        segment.open += 1;
        entry.place = { segment, number } satisfies Place;
        entries.push(entry);
      }
      if (segment.open === 0) this.remove(segment);
    }
    return { entries, damaged };
  }

  close(): void {
    for (const segment of this.segments) {
      this.guarded(() => {
        if (segment.open === 0) return this.remove(segment);
        closeSync(segment.file);
        // Nobody's from now on, though this process lives.
        renameSync(segment.path, join(this.folder, `closed-${this.name}-${segment.made}.queue`));
      });
    }
    this.segments.clear();
    this.current = undefined;
  }

  private writable(): Segment {
    const { current } = this;
    return current !== undefined && current.bytes < SEGMENT_BYTES_MAX ? current : this.newSegment();
  }

  private newSegment(): Segment {
    const before = this.current;
    const made = this.made++;
    const path = this.pathOf(made);
    const segment: Segment = { path, file: openSync(path, "ax", 0o600), made, bytes: 0, open: 0, next: 0 };
    this.segments.add(segment);
    this.current = segment;
    if (before?.open === 0) this.remove(before);
    return segment;
  }

  private pathOf(made: number): string {
    return join(this.folder, `${this.owner}-${made}.queue`);
  }

  private append(segment: Segment, line: string): Place {
    this.write(segment, `+${segment.next} ${line}\n`);
    segment.open += 1;
    return { segment, number: segment.next++ };
  }

  /** The whole of a text, or nothing of it: half a line would take the next with it. */
  private write(segment: Segment, text: string): void {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(segment.file, bytes, at);
    } catch (error) {
      ftruncateSync(segment.file, segment.bytes);
      throw error;
    }
    segment.bytes += bytes.length;
  }

  private remove(segment: Segment): void {
    this.segments.delete(segment);
    if (segment === this.current) this.current = undefined;
    closeSync(segment.file);
    rmSync(segment.path, { force: true });
  }

  /** Segments that are nobody's, in the order in which they were made. */
  private abandoned(): string[] {
    const found = readdirSync(this.folder).flatMap((name) => {
      const [isSegment, namespace, pid, start, queue, made] = SEGMENT.exec(name) ?? [];
      if (isSegment === undefined || name.startsWith(`${this.owner}-`)) return [];
      const isForeign = namespace !== undefined && namespace !== this.namespace;
      const isOwned = isForeign ? this.isTouched(name) : pid !== undefined && isAlive(Number(pid), Number(start));
      return isOwned ? [] : [{ name, order: [Number(start), queue ?? "", Number(made)] as const }];
    });
    const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
    found.sort(({ order: a }, { order: b }) => compare(a[0], b[0]) || compare(a[1], b[1]) || compare(a[2], b[2]));
    return found.map(({ name }) => name);
  }

  private isTouched(name: string): boolean {
    try {
      return Date.now() - statSync(join(this.folder, name)).mtimeMs < SILENCE_MS_MAX;
    } catch {
      return true; // it is gone
    }
  }

  /** All but a last line that was cut off. */
  private read(name: string): Buffer | undefined {
    try {
      const bytes = readFileSync(join(this.folder, name));
      return bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
    } catch {
      return undefined; // another has taken it over since the folder was listed
    }
  }

  /** By its name: of several processes that find it, one has it. */
  private takeOver(name: string, bytes: number): Segment | undefined {
    const made = this.made++;
    const path = this.pathOf(made);
    try {
      renameSync(join(this.folder, name), path);
    } catch {
      return undefined; // another was faster
    }
    const segment: Segment = { path, file: openSync(path, "a"), made, bytes, open: 0, next: 0 };
    ftruncateSync(segment.file, bytes);
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

/** The events of a segment that are not done with. */
function openLines(text: string): Map<number, string> {
  const lines = new Map<number, string>();
  for (const line of text.split("\n")) {
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

/** In which numbers of processes mean what they mean here; "0" where there is but one of them. */
function namespaceOf(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    return "0";
  }
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
