/**
 * The end of the process: what recorders hold is sent first, within their time.
 *
 * A process that has nothing more to do is held until its recorders are empty. SIGTERM and SIGINT end it as they would
 * have, a moment later; where the program has listeners of its own for them, it is theirs to end it (those of the package
 * `signal-exit` are none: they wait to be the only ones). After
 * `process.exit()` and an exception that nobody caught nothing asynchronous runs any more: `finish` is what is done then.
 */

/** What is to be ended in good order. */
export interface Ending {
  /** Sends what is there; false when that took too long. */
  flush(): Promise<boolean>;
  /** The same, and nothing after it. */
  close(): Promise<boolean>;
  /** At once, and synchronously. */
  finish(): void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

interface Endings {
  readonly all: Set<Ending>;
  /** Absent while nobody listens for the end. */
  stopListening?: (() => void) | undefined;
}

// One for both forms of the package, where a program has loaded it twice: two that listen would each take the other for
// the program's own, and none would end it.
const KEY = Symbol.for("gapin.endings");
const shared = globalThis as { [KEY]?: Endings };
shared[KEY] ??= { all: new Set() };
const endings = shared[KEY];

export function registerEnding(ending: Ending): void {
  endings.all.add(ending);
  endings.stopListening ??= listen();
}

export function forgetEnding(ending: Ending): void {
  endings.all.delete(ending);
  if (endings.all.size > 0) return;
  endings.stopListening?.();
  endings.stopListening = undefined;
}

function listen(): () => void {
  process.on("beforeExit", onBeforeExit);
  process.on("exit", onExit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    process.off("beforeExit", onBeforeExit);
    process.off("exit", onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

/** A flush that had nothing to do lets the process end. One that failed is not tried again, or it would never end. */
function onBeforeExit(): void {
  for (const ending of endings.all) {
    void ending.flush().then((isEmpty) => {
      if (!isEmpty) ending.finish();
    });
  }
}

function onExit(): void {
  for (const ending of endings.all) ending.finish();
}

/** How many listeners of each signal are those of `signal-exit`, of its versions 4 and 3. */
function signalExitListeners(): number {
  const emitters = [
    (globalThis as Record<symbol, unknown>)[Symbol.for("signal-exit emitter")],
    (process as { __signal_exit_emitter__?: unknown }).__signal_exit_emitter__,
  ] as ({ count?: unknown } | undefined)[];
  return emitters.reduce((sum, emitter) => sum + (Number(emitter?.count) || 0), 0);
}

function onSignal(signal: NodeJS.Signals): void {
  const isOursAlone = process.listenerCount(signal) - signalExitListeners() === 1;
  const ended = [...endings.all].map((ending) => (isOursAlone ? ending.close() : ending.flush()));
  void Promise.allSettled(ended).then(() => {
    if (!isOursAlone) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  });
}
