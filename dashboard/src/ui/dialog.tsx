import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, type RefObject, useRef } from "react";
import { cx } from "./cx";
import { IconButton } from "./icon-button";
import { useScrollable } from "./use-scrollable";
import { words } from "./words";

export interface DialogProps {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  /** Whether a press outside, Esc and the cross close it. */
  dismissible?: boolean;
  size?: "sm" | "md" | "lg";
  /** It interrupts, and wants an answer: a press outside does not close it. */
  alert?: boolean;
  /** What takes the focus first; the first control of the body otherwise. */
  initialFocus?: RefObject<HTMLElement | null>;
}

const widths = { sm: "max-w-104", md: "max-w-130", lg: "max-w-190" } as const;

/** A modal dialog. On a phone it is as wide as the screen and stands at its lower edge, where thumbs are. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  dismissible = true,
  size = "md",
  alert = false,
  initialFocus,
}: DialogProps) {
  const hasBody = children !== undefined && children !== null && children !== false;
  const close = (next: boolean) => {
    if (!next && dismissible) onClose();
  };
  const content = (
    <Base.Portal>
      <Base.Backdrop className="fixed inset-0 z-50 bg-overlay transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 print:hidden" />
      <Base.Viewport className="fixed inset-0 z-50 grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] items-end justify-items-center p-2 sm:items-center sm:p-6">
        <Base.Popup
          initialFocus={initialFocus}
          className={cx(
            "relative flex max-h-full min-h-0 w-full flex-col rounded-12 border border-line bg-popover text-ink shadow-dialog outline-none",
            "transition-[opacity,translate] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0",
            widths[size],
          )}
        >
          <div className={cx("px-5 pt-4 pe-14", !hasBody && "pb-4")}>
            <Base.Title className="break-words font-semibold text-16">{title}</Base.Title>
            {description && (
              <Base.Description render={<div />} className="mt-1 break-words text-13 text-muted">
                {description}
              </Base.Description>
            )}
          </div>
          {hasBody && <DialogBody>{children}</DialogBody>}
          {footer ? (
            <div className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">{footer}</div>
          ) : (
            <div className="h-2 shrink-0" />
          )}
          {dismissible && (
            // The last in the order of focus: a dialog begins with what it is about.
            <Base.Close
              render={<IconButton icon={X} label={words.close} className="absolute end-3 top-3 text-faint" />}
            />
          )}
        </Base.Popup>
      </Base.Viewport>
    </Base.Portal>
  );
  if (alert) {
    return (
      <AlertDialog.Root open={open} onOpenChange={close}>
        {content}
      </AlertDialog.Root>
    );
  }
  return (
    <Base.Root open={open} onOpenChange={close} disablePointerDismissal={!dismissible}>
      {content}
    </Base.Root>
  );
}

function DialogBody({ children }: { children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const isScrollable = useScrollable(ref);
  return (
    <div
      ref={ref}
      tabIndex={isScrollable ? 0 : undefined}
      className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4 focus-visible:-outline-offset-2"
    >
      {children}
    </div>
  );
}
