/**
 * Places that the API has no word for, found by asking for times: a read begins at the first message that the log took at
 * some time or later, and that message tells its offset. Both searches ask a bounded number of times.
 */
import type { MessagePage, ReadPage, TopicMessage } from "./read";

/** Questions of one search at most. */
const PROBES_MAX = 32;
/** So many messages are read over rather than asked about again. */
const READ_OVER = 200;
/** What pages that only pass over may hold, in messages and bytes. */
const PASS_LIMIT = 10_000;
const PASS_BYTES = 8 * 1024 * 1024;
const PASS_PAGES_MAX = 10;
/** A first message fits in any case. */
const PROBE_BYTES = 1_024;

export interface OffsetSought {
  partition: number;
  offset: number;
  /** Where and when the partition's first message may be at the earliest, and one past its last at the latest. */
  earliest: number;
  end: number;
  oldestMs: number;
  newestMs: number;
  limit: number;
}

const iso = (ms: number) => new Date(Math.max(0, ms)).toISOString();
const atMs = (message: TopicMessage) => Date.parse(message.appended_at);

/**
 * The page that begins at an offset, or at the first message behind it where it is not kept. Nothing when the place could
 * not be found within the bounds.
 */
export async function pageAtOffset(read: ReadPage, sought: OffsetSought): Promise<MessagePage | undefined> {
  const { partition, offset, limit } = sought;
  // The last message that is known to lie at or before the offset, and a time from which on all lie behind it.
  let low = { ms: sought.oldestMs, offset: sought.earliest };
  let high = { ms: sought.newestMs + 1, offset: sought.end };
  let from: string = offset <= sought.earliest ? "earliest" : iso(low.ms);

  for (
    let probes = 0;
    probes < PROBES_MAX && offset - low.offset > READ_OVER && high.ms - low.ms > 1;
    probes += 1
  ) {
    // Where it would be if messages came evenly; every third time the middle, for they do not.
    const share = probes % 3 === 2 ? 0.5 : (offset - low.offset) / Math.max(high.offset - low.offset, 1);
    const ms = Math.min(Math.max(Math.round(low.ms + share * (high.ms - low.ms)), low.ms + 1), high.ms - 1);
    const { items } = await read({ partition, from: iso(ms), limit: 1, bytesMax: PROBE_BYTES });
    const found = items[0];
    if (found !== undefined && found.offset <= offset) {
      low = { ms: Math.max(atMs(found), ms), offset: found.offset };
      from = iso(atMs(found));
    } else {
      high = { ms, offset: found?.offset ?? high.offset };
    }
  }
  return passOver(read, { partition, from, limit }, offset, low.offset);
}

/** Reads on from a place before the offset, and leaves out what lies before it. */
async function passOver(
  read: ReadPage,
  { partition, from, limit }: { partition: number; from: string; limit: number },
  offset: number,
  begin: number,
): Promise<MessagePage | undefined> {
  const before = Math.max(0, offset - begin);
  let page = await read({
    partition,
    from,
    limit: Math.min(before + limit, PASS_LIMIT),
    bytesMax: PASS_BYTES,
  });
  for (let pages = 1; pages <= PASS_PAGES_MAX; pages += 1) {
    const items = page.items.filter((message) => message.offset >= offset);
    const cursor = page.items.findLast((message) => message.offset < offset)?.cursor ?? undefined;
    if (items.length > 0) {
      // What follows the page is behind its last message, and not behind all that was read.
      const shown = items.slice(0, limit);
      const isCut = shown.length < items.length;
      const nextCursor = isCut ? (shown.at(-1)?.cursor ?? undefined) : page.nextCursor;
      return { ...page, items: shown, nextCursor, caughtUp: page.caughtUp && !isCut };
    }
    if (page.caughtUp || (page.nextCursor ?? cursor) === undefined) return { ...page, items: [] };
    page = await read({
      partition,
      cursor: page.nextCursor ?? cursor,
      limit: PASS_LIMIT,
      bytesMax: PASS_BYTES,
    });
  }
  return undefined;
}

export interface NewestSought {
  partition?: number;
  /** Messages that are wanted; there may be fewer. */
  count: number;
  /** When the newest and the oldest came, as far as it is known. */
  newestMs: number;
  oldestMs: number;
  /** Messages per second of late, to guess with. */
  rate: number;
}

/** Windows that are tried. */
const WINDOWS_MAX = 12;
const WINDOW_LIMIT = 500;
const FIRST_WINDOW_MS = 60_000;
const WIDER = 8;

/**
 * The newest messages, newest first. The API reads forwards, so it is asked for the messages since some time, and for more
 * or less time, until it is caught up with about as many as are wanted.
 */
export async function newestPage(read: ReadPage, sought: NewestSought): Promise<MessagePage> {
  const { partition, count, newestMs, oldestMs, rate } = sought;
  const guess = rate > 0 ? (count / rate) * 1000 : FIRST_WINDOW_MS;
  const widest = Math.max(newestMs - oldestMs, 1);
  let tooShort = 0;
  let tooLong = Number.POSITIVE_INFINITY;
  let window = Math.min(Math.max(Math.round(guess), 1), widest);
  let best: MessagePage | undefined;
  let crowded: MessagePage | undefined;

  for (let tried = 0; tried < WINDOWS_MAX; tried += 1) {
    const from = window >= widest ? "earliest" : iso(newestMs - window);
    const page = await read({ partition, from, limit: WINDOW_LIMIT });
    if (page.caughtUp) {
      best = page;
      if (page.items.length >= count || from === "earliest") break;
      tooShort = window;
    } else {
      crowded = page;
      tooLong = window;
    }
    const middle = Math.round(Math.sqrt(Math.max(tooShort, 1) * tooLong));
    const next = tooLong === Number.POSITIVE_INFINITY ? window * WIDER : middle;
    if (next === window || next === tooShort || next === tooLong) break;
    window = Math.min(Math.max(next, 1), widest);
  }
  if ((best?.items.length ?? 0) < count && crowded !== undefined) {
    // Many came at once: between a window with too few and one with too many there is none.
    const last = await lastOf(read, partition, crowded);
    if (last.caughtUp || best === undefined || best.items.length === 0) best = last;
  }
  return newestFirst(best ?? { items: [], nextCursor: undefined, caughtUp: true, expired: false }, count);
}

/** From a page that did not reach the end, the end is reached by reading on. */
async function lastOf(
  read: ReadPage,
  partition: number | undefined,
  first: MessagePage,
): Promise<MessagePage> {
  let page = first;
  let items = first.items;
  for (let pages = 0; pages < PASS_PAGES_MAX && !page.caughtUp && page.nextCursor !== undefined; pages += 1) {
    page = await read({ partition, cursor: page.nextCursor, limit: PASS_LIMIT, bytesMax: PASS_BYTES });
    items = [...items, ...page.items].slice(-PASS_LIMIT);
  }
  return { ...page, items };
}

function newestFirst(page: MessagePage, count: number): MessagePage {
  const items = [...page.items]
    .sort((a, b) => atMs(b) - atMs(a) || b.partition - a.partition || b.offset - a.offset)
    .slice(0, count);
  return { ...page, items };
}
