/** What is spoken by a screen reader though the focus stays: one polite region for the whole page. */
import { type ReactNode, useEffect } from "react";
import { VisuallyHidden } from "./visually-hidden";

const ID = "announcements";

/** The region, which has to be there before what it says. */
function region(): HTMLElement {
  const found = document.getElementById(ID);
  if (found !== null) return found;
  const made = document.createElement("div");
  made.id = ID;
  made.className = "sr-only";
  made.setAttribute("role", "status");
  // Also what keeps it readable while a modal dialog hides the rest of the page.
  made.setAttribute("aria-live", "polite");
  document.body.append(made);
  return made;
}

/** A new element each time: the same words twice are spoken twice. */
function announce(text: string): void {
  const line = document.createElement("p");
  line.textContent = text;
  region().replaceChildren(line);
}

export function useAnnounce(): (text: string) => void {
  useEffect(() => void region(), []);
  return announce;
}

/** Text that is spoken whenever it changes, and not seen. */
export function Live({ children }: { children: ReactNode }) {
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {children}
    </VisuallyHidden>
  );
}
