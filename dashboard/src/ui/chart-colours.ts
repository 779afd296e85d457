/**
 * Colours for a canvas, which cannot read the theme's variables: an element is given each, and what the browser computes
 * for it is what the canvas gets. They are read again whenever the theme changes.
 */
import { useEffect, useState } from "react";
import type { Tone } from "./chart-data";

/** The variable of a tone. */
export function toneVariable(tone: Tone): string {
  return typeof tone === "number" ? `var(--series-${tone})` : `var(--color-${tone})`;
}

/** What each of the CSS colours is within that element. */
export function resolveColours<Name extends string>(
  within: HTMLElement,
  colours: Record<Name, string>,
): Record<Name, string> {
  const probe = document.createElement("span");
  probe.hidden = true;
  within.append(probe);
  const entries = Object.entries<string>(colours).map(([name, colour]) => {
    probe.style.color = "";
    probe.style.color = colour;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** The colour with some of it taken away. */
export function faded(colour: string, percent: number): string {
  return `color-mix(in srgb, ${colour} ${percent}%, transparent)`;
}

/** Counts the changes of the theme, by whomever: what was computed from it is computed again. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = () => setVersion((count) => count + 1);
    const ofPage = new MutationObserver(changed);
    ofPage.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme"],
    });
    const ofSystem = [
      "(prefers-color-scheme: dark)",
      "(prefers-contrast: more)",
      "(forced-colors: active)",
    ].map((query) => window.matchMedia(query));
    for (const media of ofSystem) media.addEventListener("change", changed);
    return () => {
      ofPage.disconnect();
      for (const media of ofSystem) media.removeEventListener("change", changed);
    };
  }, []);
  return version;
}
