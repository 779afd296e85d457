/** How wide drawers are, kept from one visit to the next. */
import { useSyncExternalStore } from "react";

const KEY = "gapin-drawer-width";
export const DRAWER_WIDTH_MIN = 320;
export const DRAWER_WIDTH_MAX = 960;

const listeners = new Set<() => void>();
let chosen: number | undefined;
let isRead = false;

export function boundWidth(width: number): number {
  return Math.round(Math.min(DRAWER_WIDTH_MAX, Math.max(DRAWER_WIDTH_MIN, width)));
}

/** Nothing, when none was chosen yet or storage is closed to us. */
function current(): number | undefined {
  if (!isRead) {
    isRead = true;
    try {
      const kept = Number(localStorage.getItem(KEY) ?? Number.NaN);
      chosen = Number.isFinite(kept) ? boundWidth(kept) : undefined;
    } catch {
      chosen = undefined;
    }
  }
  return chosen;
}

function setWidth(width: number): void {
  isRead = true;
  chosen = boundWidth(width);
  try {
    localStorage.setItem(KEY, String(chosen));
  } catch {
    // It holds until the page is loaded again.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDrawerWidth(preset: number): [number, (width: number) => void] {
  return [useSyncExternalStore(subscribe, current) ?? boundWidth(preset), setWidth];
}
