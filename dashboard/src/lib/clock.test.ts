import { describe, expect, test, vi } from "vitest";
import { createClock } from "./clock";

describe("the clock of a page", () => {
  function clockAt(start: number) {
    const time = { now: start };
    // The seconds are those that a test lets pass.
    vi.spyOn(globalThis, "setInterval").mockReturnValue(1 as never);
    const clock = createClock(() => time.now);
    return { time, clock };
  }

  test("shows the moment of its last tick, the same to all", () => {
    const { time, clock } = clockAt(1000);
    let told = 0;
    const stop = clock.subscribe(() => {
      told += 1;
    });
    const before = told;
    time.now = 5000;
    expect(clock.now()).toBe(1000);
    clock.tick();
    expect(clock.now()).toBe(5000);
    expect(told).toBe(before + 1);
    stop();
    clock.tick();
    expect(told).toBe(before + 1);
  });

  test("is set when it is read after it stood still", () => {
    const { time, clock } = clockAt(1000);
    time.now = 1999;
    expect(clock.now()).toBe(1000);
    time.now = 2000;
    expect(clock.now()).toBe(2000);
  });

  test("is one for however many, and stops with the last", () => {
    const { clock } = clockAt(0);
    const stopped = vi.spyOn(globalThis, "clearInterval");
    const first = clock.subscribe(() => {});
    const second = clock.subscribe(() => {});
    expect(setInterval).toHaveBeenCalledTimes(1);
    stopped.mockClear();
    first();
    expect(stopped).not.toHaveBeenCalled();
    second();
    expect(stopped).toHaveBeenCalledWith(1);
  });

  test("stands still while nobody looks, and is right again at once", () => {
    const { time, clock } = clockAt(0);
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(false);
    clock.subscribe(() => {});
    hidden.mockReturnValue(true);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(setInterval).toHaveBeenCalledTimes(1);
    time.now = 60_000;
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(setInterval).toHaveBeenCalledTimes(2);
    expect(clock.now()).toBe(60_000);
  });
});
