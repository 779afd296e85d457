/**
 * The end of the process: what recorders hold is sent first, within their time.
 *
 * A process that has nothing more to do is held until its recorders are empty. SIGTERM and SIGINT end it as they would
 * have, a moment later; where the program has listeners of its own for them, it is theirs to end it. After
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
const endings = new Set<Ending>();
let isListening = false;

export function registerEnding(ending: Ending): void {
  endings.add(ending);
  if (isListening) return;
  isListening = true;
  process.on("beforeExit", onBeforeExit);
  process.on("exit", onExit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

export function forgetEnding(ending: Ending): void {
  endings.delete(ending);
  if (endings.size > 0 || !isListening) return;
  isListening = false;
  process.off("beforeExit", onBeforeExit);
  process.off("exit", onExit);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** A flush that had nothing to do lets the process end. One that failed is not tried again, or it would never end. */
function onBeforeExit(): void {
  for (const ending of endings) {
    void ending.flush().then((isEmpty) => {
      if (!isEmpty) ending.finish();
    });
  }
}

function onExit(): void {
  for (const ending of endings) ending.finish();
}

function onSignal(signal: NodeJS.Signals): void {
  const isOursAlone = process.listenerCount(signal) === 1;
  const ended = [...endings].map((ending) => (isOursAlone ? ending.close() : ending.flush()));
  void Promise.allSettled(ended).then(() => {
    if (!isOursAlone) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  });
}
