import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { arriving, noteReached, noteUnreachable, onReachedAgain } from "./connection";

let isThere = false;
const back = vi.fn();
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  back.mockClear();
  isThere = false;
  vi.stubGlobal("fetch", async () => {
    if (!isThere) throw new TypeError("no network");
    return new Response();
  });
  stop = onReachedAgain(back);
});
afterEach(() => {
  stop();
  noteReached();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a gateway that is away is asked until it answers", async () => {
  noteUnreachable();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(back).not.toHaveBeenCalled();
  isThere = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(back).toHaveBeenCalledOnce();
});

test("a part of the page that does not come is waited for, and comes", async () => {
  const load = vi.fn(async () => {
    if (!isThere) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  });
  const part = arriving(load);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(load).toHaveBeenCalledOnce();
  isThere = true;
  await vi.advanceTimersByTimeAsync(10_000);
  await expect(part).resolves.toBe("part");
});

test("a part that a gateway no longer has is not waited for", async () => {
  isThere = true;
  const gone = new TypeError("Failed to fetch dynamically imported module");
  const load = vi.fn(async () => Promise.reject(gone));
  await expect(arriving(load)).rejects.toBe(gone);
  expect(load).toHaveBeenCalledTimes(2);
});
