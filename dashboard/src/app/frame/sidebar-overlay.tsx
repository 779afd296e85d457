import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { VisuallyHidden } from "@/ui";
import { words } from "../words";

/** The sidebar over the page, as a dialog of its own. */
export function SidebarOverlay({ onClose, children }: { onClose(): void; children: ReactNode }) {
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-50 bg-overlay" />
        <Dialog.Popup className="fixed inset-y-0 start-0 z-50 flex w-70 max-w-[85vw] flex-col bg-canvas text-ink shadow-dialog outline-none">
          <Dialog.Title render={<VisuallyHidden />}>{words.navigation}</Dialog.Title>
          {children}
          <Dialog.Close render={<VisuallyHidden />}>{words.closeMenu}</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
