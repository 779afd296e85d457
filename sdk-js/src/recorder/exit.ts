/**
 * The end of the process: what recorders hold is sent first, within their time.
 *
 * A process that has nothing more to do is held until its recorders are empty. SIGTERM and SIGINT end it as they would
 * have, a moment later; where the program has listeners of its own for them, it is theirs to end it. After
 * `process.exit()` and an exception that nobody caught nothing asynchronous runs any more: `finish` is what is done then.
 */

/** What is to be ended in good order. */
export interface Ending {
  /** Sends what is left, for as long as it may take. */
  end(): Promise<unknown>;
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

async function endAll(): Promise<void> {
  await Promise.allSettled([...endings].map((ending) => ending.end()));
}

function onBeforeExit(): void {
  void endAll();
}

function onExit(): void {
  for (const ending of endings) ending.finish();
}

function onSignal(signal: NodeJS.Signals): void {
  const isOursAlone = process.listenerCount(signal) === 1;
  void endAll().then(() => {
    if (!isOursAlone) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  });
}
