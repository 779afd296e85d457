/** Whether the gateway can be reached, as far as the last request knows. */
import { useSyncExternalStore } from "react";

export type Connection = "online" | "offline" | "unreachable";

let isUnreachable = false;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

export function noteReached(): void {
  if (!isUnreachable) return;
  isUnreachable = false;
  tell();
}

export function noteUnreachable(): void {
  if (isUnreachable) return;
  isUnreachable = true;
  tell();
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
