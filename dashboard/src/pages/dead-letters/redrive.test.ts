import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api";
import { carryOut, LETTERS_MAX, plan } from "./redrive";

type Order = Schemas["RedriveOrder"];
type Result = Schemas["RedriveResult"];

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `0-${from + at}`);
const nobodyCounts = () => Promise.reject(new Error("nothing is to be counted"));

function result(redriven: string[], of: Partial<Result> & { failing?: string[] } = {}): Result {
  const { failing = [], ...rest } = of;
  return {
    dry_run: false,
    redriven: redriven.length,
    failed: failing.length,
    more: false,
    left_out: [],
    results: [
      ...redriven.map((id) => ({ id, status: "redriven" })),
      ...failing.map((id) => ({
        id,
        status: "failed",
        code: "log_unavailable",
        detail: "The log takes nothing.",
      })),
    ],
    ...rest,
  };
}

/** A gateway that answers these, one after the other, and keeps what it was asked. */
function gateway(...answers: (Result | Error)[]) {
  const asked: Order[] = [];
  const ask = (order: Order) => {
    asked.push(order);
    const answer = answers.shift();
    return answer instanceof Error || answer === undefined
      ? Promise.reject(answer ?? new Error("asked too often"))
      : Promise.resolve(answer);
  };
  return { ask, asked };
}

describe("what would be redriven", () => {
  it("of named letters is asked for a hundred at a time, and refusals are grouped by their reason", async () => {
    const { ask, asked } = gateway(result(ids(98), { failing: ids(2, 98) }), result(ids(50, 100)));
    expect(await plan({ ids: ids(150) }, ask, nobodyCounts)).toEqual({
      redrivable: 148,
      leftOut: [],
      refused: [{ text: "The log takes nothing.", count: 2, ids: ["0-98", "0-99"] }],
    });
    expect(asked.map((order) => [order.ids?.length, order.dry_run])).toEqual([
      [LETTERS_MAX, true],
      [50, true],
    ]);
  });

  it("of a filter is counted where a dry run stops", async () => {
    const left_out = [{ reason: "event_id_conflict", count: 3, detail: "taken" }];
    const { ask, asked } = gateway(result(ids(100), { more: true, left_out }));
    const planned = await plan({ filter: { to: "t" } }, ask, async (filter) => (filter.to === "t" ? 237 : 0));
    expect(planned.redrivable).toBe(237);
    expect(planned.leftOut.map(({ count }) => count)).toEqual([3]);
    expect(asked).toEqual([{ filter: { to: "t" }, limit: LETTERS_MAX, dry_run: true }]);
  });

  it("of a filter with few is not counted again", async () => {
    const { ask } = gateway(result(ids(7)));
    expect((await plan({ filter: {} }, ask, nobodyCounts)).redrivable).toBe(7);
  });
});

describe("redriving", () => {
  it("goes on by filter until nothing is left, and tells how far it is", async () => {
    const { ask, asked } = gateway(
      result(ids(100), { more: true }),
      result(ids(100, 100), { more: true }),
      result(ids(37, 200)),
    );
    const told: number[] = [];
    const outcome = await carryOut({ filter: {} }, 237, ask, (done) => told.push(done));
    expect(told).toEqual([100, 200, 237]);
    expect(outcome).toEqual({ redriven: 237, failed: [], leftOut: [], isMore: false });
    expect(asked.every((order) => order.dry_run === undefined)).toBe(true);
  });

  it("ends where what is left fails again and again", async () => {
    const failing = ids(100);
    const { ask } = gateway(result([], { failing, more: true }));
    const outcome = await carryOut({ filter: {} }, 500, ask, () => {});
    expect(outcome.redriven).toBe(0);
    expect(outcome.isMore).toBe(true);
    expect(outcome.failed).toEqual([{ text: "The log takes nothing.", count: 100, ids: failing }]);
  });

  it("asks no more often than the letters need", async () => {
    const always = result(ids(1), { more: true });
    const { ask, asked } = gateway(...Array.from({ length: 9 }, () => always));
    await carryOut({ filter: {} }, 250, ask, () => {});
    expect(asked).toHaveLength(4);
  });

  it("does not tell of a failure that a later round mended", async () => {
    const { ask } = gateway(result(ids(99), { failing: ["0-99"], more: true }), result(["0-99", "0-100"]));
    expect((await carryOut({ filter: {} }, 101, ask, () => {})).failed).toEqual([]);
  });

  it("that breaks off tells what was done", async () => {
    const broken = new Error("the store is away");
    const { ask } = gateway(result(ids(100)), broken);
    expect(await carryOut({ ids: ids(150) }, 150, ask, () => {})).toEqual({
      redriven: 100,
      failed: [],
      leftOut: [],
      isMore: true,
      error: broken,
    });
  });
});
