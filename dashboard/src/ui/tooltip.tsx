import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import { Explained } from "./explained";
import { Kbd } from "./kbd";

export interface TooltipProps {
  label: ReactNode;
  shortcut?: string;
  /** The element that it is about: takes the focus, or gets it from being a button. */
  children: ReactElement;
  /** The label is the name that the element has anyway, so it is not spoken a second time. */
  isName?: boolean;
}

const OPEN_AFTER_MS = 400;

/** A word more about a control, on hover and focus; on touch it is not there, so nothing hangs on it. */
export function Tooltip({ label, shortcut, children, isName = false }: TooltipProps) {
  const described = !isName && typeof label === "string" ? label : undefined;
  // What the element's name or description says already is for eyes alone.
  const isSpoken = isName || described !== undefined;
  return (
    <Base.Root onOpenChange={leaveEsc}>
      <Explained value={true}>
        <Base.Trigger delay={OPEN_AFTER_MS} render={children} aria-description={described} />
      </Explained>
      <Base.Portal>
        <Base.Positioner sideOffset={6} collisionPadding={8} className="z-80">
          <Base.Popup
            aria-hidden={isSpoken || undefined}
            className="flex max-w-72 items-center gap-2 rounded-6 border border-line bg-popover px-2 py-1 text-12 text-ink shadow-popover transition-opacity duration-100 data-ending-style:opacity-0 data-instant:transition-none data-starting-style:opacity-0 print:hidden"
          >
            {label}
            {shortcut && <Kbd keys={shortcut} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Esc is also for the dialog or the panel in which the control stands. */
function leaveEsc(_open: boolean, details: Base.Root.ChangeEventDetails): void {
  if (details.reason === "escape-key") details.allowPropagation();
}
