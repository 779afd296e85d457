/**
 * Rows that open: a link or a button on what names the row, so that keys and screen readers have it, and for the
 * pointer the whole row. Up and Down go from row to row.
 */
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import { cx } from "./cx";
import { type LinkTarget, LinkTo } from "./link";

const OPENER = "data-row-opener";
const CONTROLS =
  "a, button, input, select, textarea, label, summary, [role=menuitem], [role=option], [role=switch]";

export interface OpenerProps {
  href?: LinkTarget;
  onOpen?: () => void;
  children: ReactNode;
}

export function Opener({ href, onOpen, children }: OpenerProps) {
  const look = cx(
    "max-w-full min-w-0 rounded-4 text-start font-medium text-ink no-underline hover:underline",
  );
  if (href !== undefined) {
    return (
      <LinkTo target={href} {...{ [OPENER]: "" }} className={look}>
        {children}
      </LinkTo>
    );
  }
  if (onOpen === undefined) return <span className="font-medium text-ink">{children}</span>;
  return (
    <button type="button" {...{ [OPENER]: "" }} onClick={onOpen} className={cx(look, "cursor-pointer")}>
      {children}
    </button>
  );
}

/** A press anywhere in the row is one on its opener, with the keys that were held: Ctrl opens a tab. */
export function pressOpener(event: MouseEvent<HTMLElement>): void {
  const row = event.currentTarget;
  const at = event.target;
  if (event.defaultPrevented || !(at instanceof Element)) return;
  // What floats over the row is a child of it for React, not in the document.
  if (!row.contains(at) || at.closest(CONTROLS) !== null) return;
  // The reader marks text.
  if (document.getSelection()?.isCollapsed === false) return;
  const { ctrlKey, metaKey, shiftKey, altKey } = event;
  row
    .querySelector(`[${OPENER}]`)
    ?.dispatchEvent(
      new window.MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey, altKey }),
    );
}

/** On the list of rows. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof Element) || !event.target.hasAttribute(OPENER)) return;
  const openers = [...event.currentTarget.querySelectorAll<HTMLElement>(`[${OPENER}]`)];
  const next = openers[openers.indexOf(event.target as HTMLElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
