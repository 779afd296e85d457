/**
 * Whether the gateway can be reached, as far as the last request knows. While it can't, it is asked now and then: a page that
 * asks for nothing by itself would never learn that it is back.
 */
import { useSyncExternalStore } from "react";

export type Connection = "online" | "offline" | "unreachable";

const PROBE_AFTER_MS = 1_000;
const PROBE_EVERY_MS_MAX = 10_000;

let isUnreachable = false;
const listeners = new Set<() => void>();
const whenBack = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

export function noteReached(): void {
  if (!isUnreachable) return;
  isUnreachable = false;
  tell();
  for (const listener of whenBack) listener();
}

export function noteUnreachable(): void {
  if (isUnreachable) return;
  isUnreachable = true;
  tell();
  probe(PROBE_AFTER_MS);
}

/** Whatever it answers, it is there. */
function probe(afterMs: number): void {
  setTimeout(async () => {
    if (!isUnreachable) return;
    if (await isThere()) noteReached();
    else probe(Math.min(PROBE_EVERY_MS_MAX, afterMs * 2));
  }, afterMs);
}

async function isThere(): Promise<boolean> {
  return fetch("/health/live", { cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

/** Calls back each time the gateway is there again; answers how to stop that. */
export function onReachedAgain(listener: () => void): () => void {
  whenBack.add(listener);
  return () => void whenBack.delete(listener);
}

/**
 * A part of the page, which comes from the gateway as well: while that is away, it is waited for, and what the page shows
 * stays meanwhile. Where the gateway is there and the part is not, a newer page has taken the place of this one.
 */
export async function arriving<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      if (await isThere()) return load();
      noteUnreachable();
      await new Promise<void>((resolve) => {
        const stop = onReachedAgain(() => {
          stop();
          resolve();
        });
      });
    }
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

function now(): Connection {
  if (!navigator.onLine) return "offline";
  return isUnreachable ? "unreachable" : "online";
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, now);
}
