import { beforeEach, describe, expect, it } from "vitest";
import { EVENTS_TOPIC, LiveList, type Question, rowAt, rowCount } from "./live-list";
import { events, FakeWorld, idOf, page, record, settled } from "./testing";

let world: FakeWorld;
let stored: number[];
let asked: { filter: object; to?: string | undefined; cursor?: string | undefined }[];
let list: LiveList;

/** As many as the ring of these tests holds. */
const RING_ROWS = 1_000;
const QUESTION: Question = { topic: EVENTS_TOPIC, filter: {}, isLive: true, begin: "now" };

beforeEach(() => {
  world = new FakeWorld();
  stored = [];
  asked = [];
  list = new LiveList(
    {
      world,
      readEvents: async (filter, query) => {
        asked.push({ filter, to: query.to, cursor: query.cursor });
        const before = query.cursor === undefined ? Number.POSITIVE_INFINITY : Number(query.cursor);
        const until = query.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.to);
        const rows = stored.filter(
          (number) => number < before && Date.parse(record(number).event.timestamp) < until,
        );
        rows.sort((one, other) => other - one);
        const first = rows.slice(0, query.limit);
        return page(first, rows.length > first.length ? String(first.at(-1)) : null);
      },
      readFirstMessage: async (topic, since) => {
        asked.push({ filter: { topic, since } });
        const message = {
          topic,
          partition: 0,
          offset: 3,
          appended_at: since,
          message: "first",
          cursor: "m3",
        };
        return JSON.stringify({ items: [message], next_cursor: "m3", caught_up: false });
      },
    },
    RING_ROWS,
  );
});

async function ask(question: Partial<Question> = {}): Promise<void> {
  list.ask({ ...QUESTION, ...question });
  await settled();
  if (world.sockets.length > 0) world.socket.says({ type: "hello", cursor: "hello" });
  list.flush();
}

const shown = () =>
  Array.from({ length: rowCount(list.view) }, (_, index) => numberOf(rowAt(list.view, index)?.id ?? ""));
const numberOf = (id: string) => Number.parseInt(id.slice(-12), 16);
const comes = (...numbers: number[]) => {
  world.socket.says(events(`c${numbers.at(-1)}`, ...numbers));
  list.flush();
};

describe("the rows", () => {
  it("are the stream's on top and the store's below, each once", async () => {
    stored = [1, 2, 3];
    await ask();
    stored.push(4, 5);
    comes(4, 5);
    expect(shown()).toEqual([5, 4, 3, 2, 1]);
    expect(list.view).toMatchObject({ received: 2, missed: 0, isHeld: false, stream: { kind: "live" } });
  });

  it("that the store already showed do not come again", async () => {
    stored = [1, 2, 3];
    await ask();
    comes(3, 4);
    expect(shown()).toEqual([4, 3, 2, 1]);
  });

  it("take in what was acknowledged before the stream began and stored after", async () => {
    stored = [1, 3];
    await ask();
    stored.push(2);
    world.pass(1_500);
    await settled();
    list.flush();
    expect(shown()).toEqual([3, 2, 1]);
  });

  it("are those of the last filter only", async () => {
    stored = [1];
    await ask();
    comes(2);
    list.ask({ ...QUESTION, filter: { q: "x" } });
    expect(shown()).toEqual([]);
    comes(3);
    expect(shown()).toEqual([]);
    world.socket.says({ type: "filtered", cursor: "c" });
    comes(4);
    await settled();
    list.flush();
    expect(shown()).toEqual([4, 1]);
    expect(world.sockets).toHaveLength(1);
    expect(asked.at(-1)?.filter).toEqual({ q: "x" });
  });

  it("of a time that is over come from the store alone", async () => {
    stored = [1, 2];
    await ask({ isLive: false, filter: { to: "2026-01-31T12:00:02Z" } });
    expect(world.sockets).toHaveLength(0);
    expect(shown()).toEqual([1]);
    expect(list.view.stream).toEqual({ kind: "history" });
    await ask();
    expect(world.sockets).toHaveLength(1);
  });
});

describe("held", () => {
  it("the rows stay, what comes is counted, and shown on release", async () => {
    stored = [1];
    await ask();
    comes(2);
    list.hold();
    comes(3, 4);
    expect(shown()).toEqual([2, 1]);
    expect(list.view).toMatchObject({ isHeld: true, fresh: 2, received: 3 });
    list.release();
    expect(shown()).toEqual([4, 3, 2, 1]);
    expect(list.view).toMatchObject({ isHeld: false, fresh: 0 });
  });

  it("it is what was shown last that stays, not what came since", async () => {
    await ask();
    comes(1);
    world.socket.says(events("c2", 2));
    list.hold();
    expect(shown()).toEqual([1]);
    expect(list.view.fresh).toBe(1);
  });

  it("history goes on below, without what came since", async () => {
    stored = Array.from({ length: 150 }, (_, index) => index + 1);
    await ask();
    comes(200);
    list.hold();
    comes(201);
    stored.push(200, 201);
    list.more();
    await settled();
    list.flush();
    expect(shown().slice(0, 2)).toEqual([200, 150]);
    expect(shown()).toHaveLength(151);
  });
});

describe("more than the ring holds", () => {
  const flood = (from: number, to: number) => {
    for (let number = from; number <= to; number += 500) {
      const batch = Array.from({ length: Math.min(500, to - number + 1) }, (_, index) => number + index);
      stored.push(...batch);
      world.socket.says(events(`c${number}`, ...batch));
    }
  };

  it("goes on in the store without a seam", async () => {
    stored = [1, 2, 3];
    await ask();
    flood(10, 1_509);
    list.flush();
    expect(list.view).toMatchObject({ letGo: 500, received: 1_500 });
    expect(shown()).toHaveLength(RING_ROWS);
    list.hold();
    for (let pages = 0; pages < 5; pages += 1) {
      list.more();
      await settled();
    }
    list.flush();
    const numbers = shown();
    expect(numbers).toHaveLength(1_503);
    expect(numbers.slice(-4)).toEqual([10, 3, 2, 1]);
    expect(numbers.every((number, index) => index === 0 || number < (numbers[index - 1] as number))).toBe(
      true,
    );
    // From just below, not from the newest: those are shown.
    expect(asked.at(-1)?.to).toBe(new Date(Date.parse(record(509).event.timestamp) + 1).toISOString());
  });

  it("goes on the same while the ring lets go of more under a reader", async () => {
    await ask();
    flood(1, 1_200);
    list.flush();
    list.hold();
    flood(1_201, 4_500);
    list.more();
    await settled();
    list.flush();
    const numbers = shown();
    expect(numbers[0]).toBe(1_200);
    expect(numbers).toHaveLength(1_100);
    expect(
      numbers.every((number, index) => index === 0 || number === (numbers[index - 1] as number) - 1),
    ).toBe(true);
    list.release();
    expect(shown()[0]).toBe(4_500);
    expect(shown()).toHaveLength(RING_ROWS);
  });
});

describe("what was missed", () => {
  it("is counted, gone back for, and put in its place", async () => {
    await ask();
    comes(1);
    world.socket.says({ type: "gap", missed: 2, resume: "r" });
    comes(4);
    expect(list.view.missed).toBe(2);
    list.recover();
    world.socket.says({ type: "resumed", cursor: "r" });
    comes(2, 3, 4, 5);
    expect(shown()).toEqual([5, 4, 3, 2, 1]);
    expect(list.view).toMatchObject({ missed: 0, received: 5 });
  });
});

describe("messages of a topic", () => {
  it("begin at the time that is asked for, the first of them with it", async () => {
    await ask({ topic: "orders", begin: { since: "2026-01-31T00:00:00Z" } });
    expect(asked).toEqual([{ filter: { topic: "orders", since: "2026-01-31T00:00:00Z" } }]);
    expect(world.socket.query).toEqual({ batch: "1", topic: "orders", cursor: "m3" });
    expect(list.view.head.map(({ id }) => id)).toEqual(["orders/0/3"]);
    expect(list.view.history).toEqual({ kind: "none" });
  });

  it("begin with the oldest that is kept", async () => {
    await ask({ topic: "orders", begin: "earliest" });
    expect(world.socket.query["cursor"]).toBe("earliest");
  });

  it("have a stream of their own", async () => {
    await ask();
    await ask({ topic: "orders", begin: "now" });
    expect(world.sockets.map(({ query }) => query["topic"])).toEqual([EVENTS_TOPIC, "orders"]);
    expect(world.sockets[0]?.isClosed).toBe(true);
  });
});

describe("how far behind it is", () => {
  const at = (number: number, secondsAgo: number) => {
    const received_at = new Date(world.now() - secondsAgo * 1_000).toISOString();
    world.socket.says({ type: "events", cursor: `c${number}`, items: [record(number, {}, { received_at })] });
    list.flush();
  };

  it("is told while older events come, and not when the clocks differ", async () => {
    await ask();
    at(1, 300);
    expect(list.view.behindMs).toBe(0);
    at(2, 360);
    expect(list.view.behindMs).toBeCloseTo(60_000, -2);
    world.pass(5_000);
    list.flush();
    expect(list.view.behindMs).toBe(0);
  });

  it("can be skipped: what is between is in the store", async () => {
    await ask();
    comes(1);
    stored = [1, 2, 3];
    list.skipToNow();
    await settled();
    list.flush();
    expect(world.socket.query["cursor"]).toBeUndefined();
    expect(shown()).toEqual([3, 2, 1]);
  });
});

it("pausing is told at once", async () => {
  await ask();
  list.pause();
  expect(list.view.stream).toEqual({ kind: "paused" });
  list.resume();
  expect(list.view.stream).toEqual({ kind: "live" });
});

it("draws anew only when something changed", async () => {
  await ask();
  let drawn = 0;
  list.subscribe(() => {
    drawn += 1;
  });
  list.flush();
  list.flush();
  expect(drawn).toBe(0);
  comes(1);
  expect(drawn).toBe(1);
  expect(list.view.head.map(({ id }) => id)).toEqual([idOf(1)]);
});

it("stopped, it asks nothing more", async () => {
  await ask();
  list.stop();
  const before = asked.length;
  world.pass(60_000);
  await settled();
  expect(world.socket.isClosed).toBe(true);
  expect(asked).toHaveLength(before);
});
