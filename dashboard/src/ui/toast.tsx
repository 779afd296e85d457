/** What has happened, told in a corner of the page. What shows it is loaded when there is something to tell. */
import { lazy, Suspense, useSyncExternalStore } from "react";

export interface Told {
  type: "good" | "info" | "bad";
  title: string;
  description?: string | undefined;
  /** After so many milliseconds it goes; 0: only when it is dismissed. */
  timeout: number;
  priority?: "high";
}

const SHOWN_MS = 5_000;

let receive: ((told: Told) => void) | undefined;
/** From the first one on. */
let isWanted = false;
const waiting: Told[] = [];
const listeners = new Set<() => void>();

function tell(told: Told): void {
  if (receive !== undefined) {
    receive(told);
    return;
  }
  waiting.push(told);
  isWanted = true;
  for (const listener of listeners) listener();
}

/** What went wrong stays until it is dismissed. */
export const toast = {
  good: (text: string): void => tell({ type: "good", title: text, timeout: SHOWN_MS }),
  info: (text: string): void => tell({ type: "info", title: text, timeout: SHOWN_MS }),
  bad: (text: string, detail?: string): void =>
    tell({ type: "bad", title: text, description: detail, timeout: 0, priority: "high" }),
};

/** Who shows them, until it says that it does so no longer; those that wait come first. */
export function receiveToasts(by: (told: Told) => void): () => void {
  receive = by;
  waiting.splice(0).forEach(by);
  return () => {
    receive = undefined;
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const Shown = lazy(() => import("./toaster"));

/** Once in the frame of the page. */
export function Toaster() {
  const wanted = useSyncExternalStore(subscribe, () => isWanted);
  return wanted ? (
    <Suspense fallback={null}>
      <Shown />
    </Suspense>
  ) : null;
}
