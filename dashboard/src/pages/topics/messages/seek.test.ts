import { describe, expect, it } from "vitest";
import type { MessagePage, ReadPage, TopicMessage, Wanted } from "./read";
import { newestPage, pageAtOffset } from "./seek";

const BEGIN_MS = Date.parse("2026-01-31T12:00:00Z");

interface Place {
  partition: number;
  offset: number;
  ms: number;
}

/** A log in memory that answers as the API does; cursors are places in the order in which it is read. */
function log(places: Place[]): { read: ReadPage; asked: Wanted[] } {
  const asked: Wanted[] = [];
  const all = [...places].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  const read: ReadPage = async (wanted) => {
    asked.push(wanted);
    const own = all.filter(
      ({ partition }) => wanted.partition === undefined || partition === wanted.partition,
    );
    const fromMs = wanted.from === "earliest" ? 0 : Date.parse(wanted.from ?? "");
    const begin = Number(wanted.cursor ?? 0);
    const rest = own
      .map((place, index) => ({ place, next: index + 1 }))
      .filter(({ place, next }) => next > begin && (wanted.cursor !== undefined || place.ms >= fromMs));
    const items = rest.slice(0, wanted.limit).map(({ place, next }) => message(place, next));
    const caughtUp = items.length === rest.length;
    return {
      items,
      nextCursor: items.at(-1)?.cursor ?? wanted.cursor,
      caughtUp,
      expired: false,
    } satisfies MessagePage;
  };
  return { read, asked };
}

function message({ partition, offset, ms }: Place, next: number): TopicMessage {
  const appended_at = new Date(ms).toISOString();
  return { topic: "t", partition, offset, appended_at, cursor: String(next), text: "1" };
}

/** So many messages of one partition, `step(i)` milliseconds after the beginning. */
function messages(count: number, step: (i: number) => number, first = 0, partition = 0): Place[] {
  return Array.from({ length: count }, (_, i) => ({ partition, offset: first + i, ms: BEGIN_MS + step(i) }));
}

async function seek(places: Place[], offset: number, limit = 50) {
  const { read, asked } = log(places);
  const page = await pageAtOffset(read, {
    partition: 0,
    offset,
    earliest: places[0]?.offset ?? 0,
    end: (places.at(-1)?.offset ?? -1) + 1,
    oldestMs: places[0]?.ms ?? BEGIN_MS,
    newestMs: places.at(-1)?.ms ?? BEGIN_MS,
    limit,
  });
  return { page, asked, offsets: page?.items.map((found) => found.offset) };
}

describe("an offset", () => {
  const courses: [string, (i: number) => number][] = [
    ["evenly", (i) => i * 1_000],
    ["faster and faster", (i) => Math.round(Math.sqrt(i) * 100_000)],
    ["in bursts", (i) => Math.floor(i / 900) * 3_600_000],
    ["all at once", () => 0],
    ["with a month between", (i) => (i < 5_000 ? i : i + 30 * 86_400_000)],
  ];

  it.each(courses)("is found where messages came %s", async (_, step) => {
    const places = messages(10_000, step, 100);
    for (const offset of [100, 101, 350, 4_999, 5_100, 9_000, 10_099]) {
      const { offsets, asked } = await seek(places, offset, 3);
      expect(offsets).toEqual([offset, offset + 1, offset + 2].filter((kept) => kept < 10_100));
      expect(asked.length).toBeLessThan(40);
    }
  });

  it("is found with few questions where messages come evenly", async () => {
    const { asked } = await seek(
      messages(50_000, (i) => i * 10),
      33_333,
    );
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it("that is not kept any more is where the log begins", async () => {
    expect(
      (
        await seek(
          messages(10, (i) => i, 100),
          5,
        )
      ).offsets?.[0],
    ).toBe(100);
  });

  it("that gave way to a newer one of its key is where the next is", async () => {
    const compacted = messages(5_000, (i) => i * 50).filter(({ offset }) => offset % 7 === 0);
    expect((await seek(compacted, 3_501, 2)).offsets).toEqual([3_507, 3_514]);
  });

  it("past the end has nothing, and is caught up", async () => {
    const { page } = await seek(
      messages(10, (i) => i),
      500,
    );
    expect(page).toMatchObject({ items: [], caughtUp: true });
  });

  it("goes on behind what is shown, not behind what was read", async () => {
    const places = messages(1_000, (i) => i * 100);
    const { read } = log(places);
    const { page } = await seek(places, 500, 10);
    expect(page?.caughtUp).toBe(false);
    const next = await read({ partition: 0, cursor: page?.nextCursor, limit: 1 });
    expect(next.items[0]?.offset).toBe(510);
  });

  it("of the last page is caught up", async () => {
    expect(
      (
        await seek(
          messages(1_000, (i) => i * 100),
          995,
          10,
        )
      ).page,
    ).toMatchObject({ caughtUp: true });
  });

  it("that is not there within so many pages is given up", async () => {
    const endless: ReadPage = async () => ({ items: [], nextCursor: "on", caughtUp: false, expired: false });
    const sought = { partition: 0, offset: 9, earliest: 0, end: 10, oldestMs: 0, newestMs: 1, limit: 5 };
    expect(await pageAtOffset(endless, sought)).toBeUndefined();
  });
});

async function newest(places: Place[], rate = 0, partition?: number) {
  const { read, asked } = log(places);
  const times = places.map(({ ms }) => ms);
  const page = await newestPage(read, {
    partition,
    count: 50,
    newestMs: Math.max(...times),
    oldestMs: Math.min(...times),
    rate,
  });
  return { page, asked };
}

describe("the newest messages", () => {
  const offsets = (page: MessagePage) => page.items.map(({ offset }) => offset);
  const last50 = (end: number) => Array.from({ length: 50 }, (_, i) => end - 1 - i);

  it.each([
    ["one an hour", (i: number) => i * 3_600_000],
    ["ten a second", (i: number) => i * 100],
    ["a thousand a second", (i: number) => i],
    ["many in each millisecond", (i: number) => Math.floor(i / 20)],
  ])("are the last ones, of %s", async (_, step) => {
    const { page, asked } = await newest(messages(10_000, step));
    expect(offsets(page)).toEqual(last50(10_000));
    expect(asked.length).toBeLessThanOrEqual(12);
  });

  it("are found at once where the rate is known", async () => {
    const { asked } = await newest(
      messages(10_000, (i) => i * 100),
      10,
    );
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it("are the last ones also of more that came at once than one page holds", async () => {
    const { page } = await newest(messages(12_000, () => 5));
    expect(offsets(page)).toEqual(last50(12_000));
  });

  it("are the last ones where a single one followed a burst", async () => {
    const { page } = await newest(messages(1_501, (i) => (i < 1_500 ? Math.floor(i / 750) : 5_000)));
    expect(offsets(page)).toEqual(last50(1_501));
  });

  it("are the few that are certainly the newest where a burst is too large to be read over", async () => {
    const { page } = await newest(messages(120_001, (i) => (i < 120_000 ? 0 : 5_000)));
    expect(offsets(page)).toEqual([120_000]);
    expect(page.caughtUp).toBe(true);
  });

  it("are all where there are few", async () => {
    const { page } = await newest(messages(3, (i) => i * 60_000));
    expect(offsets(page)).toEqual([2, 1, 0]);
  });

  it("of one alone is that one", async () => {
    expect(offsets((await newest(messages(1, () => 0))).page)).toEqual([0]);
  });

  it("of several partitions are told by time", async () => {
    const places = [...messages(100, (i) => i * 2_000, 0, 0), ...messages(100, (i) => i * 2_000 + 1, 0, 1)];
    const { page } = await newest(places);
    expect(page.items.slice(0, 3).map(({ partition, offset }) => [partition, offset])).toEqual([
      [1, 99],
      [0, 99],
      [1, 98],
    ]);
  });

  it("of one partition are its own, though the others are newer", async () => {
    const places = [
      ...messages(100, (i) => i * 1_000, 0, 0),
      ...messages(100, (i) => i * 1_000 + 86_400_000, 0, 1),
    ];
    const { page } = await newest(places, 0, 0);
    expect(offsets(page)).toEqual(last50(100));
  });

  it("of a log that never comes to its end are what was seen", async () => {
    const endless: ReadPage = async () => ({ items: [], nextCursor: "on", caughtUp: false, expired: false });
    const page = await newestPage(endless, { count: 50, newestMs: 1_000, oldestMs: 0, rate: 1 });
    expect(page.items).toEqual([]);
    expect(page.caughtUp).toBe(false);
  });
});
