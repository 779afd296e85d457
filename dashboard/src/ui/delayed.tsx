import type { ReactNode } from "react";
import { useDelayed } from "./use-delayed";
import { VisuallyHidden } from "./visually-hidden";
import { words } from "./words";

const SKELETON_AFTER_MS = 150;

interface DelayedProps {
  /** The shape of what comes. */
  children: ReactNode;
  /** Of parts that stand beside others: each of them would say that it loads. */
  isQuiet?: boolean;
}

/** What is shown while one waits, once one has waited: what is quick shows no sign of it. */
export function Delayed({ children, isQuiet = false }: DelayedProps) {
  const isSlow = useDelayed(true, SKELETON_AFTER_MS);
  // Its place is held from the beginning: nothing below moves when it is seen.
  const shape = (
    <span className="contents" style={isSlow ? undefined : { visibility: "hidden" }}>
      {children}
    </span>
  );
  if (isQuiet) return shape;
  // The region is there from the beginning, so that what it says is spoken.
  return (
    <div role="status">
      {isSlow && <VisuallyHidden>{words.loading}</VisuallyHidden>}
      {shape}
    </div>
  );
}
