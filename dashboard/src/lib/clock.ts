/** One clock for everything on the page that says how long ago something was. It stands still while nobody looks. */

export interface Clock {
  /** The moment of the last tick, in milliseconds. */
  now(): number;
  subscribe(onTick: () => void): () => void;
  tick(): void;
}

const TICK_MS = 1000;

export function createClock(readMs: () => number = () => Date.now()): Clock {
  const listeners = new Set<() => void>();
  let shown = readMs();
  let timer: ReturnType<typeof setInterval> | undefined;

  function tick() {
    shown = readMs();
    for (const listener of listeners) listener();
  }
  function run() {
    clearInterval(timer);
    timer = undefined;
    if (listeners.size === 0 || document.hidden) return;
    tick();
    timer = setInterval(tick, TICK_MS);
  }

  return {
    now() {
      // A clock that stands is set before it is read.
      if (timer === undefined && readMs() - shown >= TICK_MS) shown = readMs();
      return shown;
    },
    subscribe(onTick) {
      listeners.add(onTick);
      if (listeners.size === 1) {
        document.addEventListener("visibilitychange", run);
        run();
      }
      return () => {
        listeners.delete(onTick);
        if (listeners.size > 0) return;
        document.removeEventListener("visibilitychange", run);
        run();
      };
    },
    tick,
  };
}

export const clock = createClock();
