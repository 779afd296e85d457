/** Light, dark, or as the system has it: kept in storage, set as `data-theme` on <html> (before paint by theme.js). */
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const KEY = "gapin-theme";
const listeners = new Set<() => void>();

function isChosen(word: string | null | undefined): word is "light" | "dark" {
  return word === "light" || word === "dark";
}

function current(): Theme {
  const { theme } = document.documentElement.dataset;
  return isChosen(theme) ? theme : "system";
}

function show(theme: string | null): void {
  if (isChosen(theme)) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
  for (const listener of listeners) listener();
}

function keep(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the choice holds until the page is loaded again.
  }
}

function setTheme(theme: Theme): void {
  keep(theme);
  show(theme);
}

/** Another tab has chosen. */
function onStorage(event: StorageEvent): void {
  if (event.key === KEY) show(event.newValue);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener("storage", onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("storage", onStorage);
  };
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, current), setTheme];
}
