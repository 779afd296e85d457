import { describe, expect, it } from "vitest";
import { History, type PageQuery } from "./history";
import { idOf, page, SIGNATURE, settled } from "./testing";

/** A store of these events, which are read in pages of three. */
class Store {
  readonly asked: PageQuery[] = [];
  fails: Error | undefined;

  constructor(public numbers: number[]) {}

  read = async (query: PageQuery): Promise<string> => {
    this.asked.push(query);
    if (this.fails !== undefined) throw this.fails;
    const before = query.cursor === undefined ? Number.POSITIVE_INFINITY : Number(query.cursor);
    const sorted = [...this.numbers].sort((one, other) => other - one).filter((number) => number < before);
    const rows = sorted.slice(0, 3);
    return page(rows, sorted.length > 3 ? String(rows.at(-1)) : null);
  };
}

function open(store: Store, shown: number[] = [], rowsMax = 1_000) {
  const keys = new Set(shown.map((number) => `${idOf(number)}:${SIGNATURE}`));
  let changes = 0;
  const history = new History(
    store.read,
    (key) => keys.has(key),
    () => {
      changes += 1;
    },
    Number.POSITIVE_INFINITY,
    rowsMax,
  );
  return { history, changes: () => changes };
}

const numbers = (history: History) => history.rows.map(({ id }) => Number.parseInt(id.slice(-12), 16));

describe("history", () => {
  it("goes on page by page, to the end", async () => {
    const { history } = open(new Store([1, 2, 3, 4, 5]));
    await history.more();
    expect(numbers(history)).toEqual([5, 4, 3]);
    expect(history.state).toEqual({ kind: "more" });
    await history.more();
    expect(numbers(history)).toEqual([5, 4, 3, 2, 1]);
    expect(history.state).toEqual({ kind: "end" });
    await history.more();
    expect(numbers(history)).toHaveLength(5);
  });

  it("leaves out what stands above it, and reads on until there is something new", async () => {
    const store = new Store([1, 2, 3, 4, 5, 6, 7, 8]);
    const { history } = open(store, [8, 7, 6, 5, 4, 3]);
    await history.more();
    expect(numbers(history)).toEqual([2, 1]);
    expect(store.asked).toHaveLength(3);
  });

  it("reads one page at a time, whoever asks how often", async () => {
    const store = new Store([1, 2, 3, 4]);
    const { history } = open(store);
    await Promise.all([history.more(), history.more(), history.more()]);
    expect(store.asked).toHaveLength(1);
  });

  it("ends where memory does", async () => {
    const { history } = open(new Store([1, 2, 3, 4, 5, 6, 7, 8, 9]), [], 5);
    await history.more();
    await history.more();
    expect(history.state).toEqual({ kind: "full" });
    await history.more();
    expect(history.rows).toHaveLength(6);
  });

  it("says why it can't be read, and goes on when it can", async () => {
    const store = new Store([1, 2]);
    const { history } = open(store);
    store.fails = new Error("away");
    await history.more();
    expect(history.state).toEqual({ kind: "failed", problem: store.fails });
    store.fails = undefined;
    await history.more();
    expect(numbers(history)).toEqual([2, 1]);
  });

  it("begins before a time", async () => {
    const store = new Store([1]);
    const history = new History(
      store.read,
      () => false,
      () => undefined,
      Date.UTC(2026, 0, 31),
    );
    await history.more();
    expect(store.asked).toEqual([{ limit: 100, to: "2026-01-31T00:00:00.000Z" }]);
  });

  it("that was dropped changes nothing any more", async () => {
    const { history, changes } = open(new Store([1, 2]));
    const reading = history.more();
    history.drop();
    const before = changes();
    await reading;
    expect(history.rows).toEqual([]);
    expect(changes()).toBe(before);
  });
});

describe("the seam", () => {
  it("takes in what was stored a moment later, in its place", async () => {
    const store = new Store([2, 4, 6]);
    const { history } = open(store);
    await history.more();
    store.numbers.push(3, 5, 7);
    expect(await history.settle()).toBe(3);
    expect(numbers(history)).toEqual([7, 6, 5, 4, 3, 2]);
  });

  it("does not take in what stands above it", async () => {
    const store = new Store([2, 4]);
    const { history } = open(store, [5]);
    await history.more();
    store.numbers.push(5);
    expect(await history.settle()).toBe(0);
  });

  it("goes down as far as the first page did, however much was stored since", async () => {
    const store = new Store([1, 2, 3, 4]);
    const { history } = open(store);
    await history.more();
    store.numbers.push(5, 6, 7, 8, 9, 10);
    expect(await history.settle()).toBe(6);
    expect(numbers(history)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2]);
    await history.more();
    expect(numbers(history).at(-1)).toBe(1);
  });

  it("of what was empty is where the first event comes", async () => {
    const store = new Store([]);
    const { history } = open(store);
    await history.more();
    expect(history.state).toEqual({ kind: "end" });
    store.numbers.push(1);
    await history.settle();
    expect(numbers(history)).toEqual([1]);
  });

  it("is not looked at before there is one, and not twice at once", async () => {
    const store = new Store([1, 2]);
    const { history } = open(store);
    expect(await history.settle()).toBe(0);
    await history.more();
    const asked = store.asked.length;
    await Promise.all([history.settle(), history.settle()]);
    await settled();
    expect(store.asked).toHaveLength(asked + 1);
  });
});
