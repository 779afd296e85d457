import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { type Tone, toneIcons } from "./callout";
import { cx } from "./cx";
import { IconButton } from "./icon-button";
import { receiveToasts } from "./toast";
import { words } from "./words";

const manager = Base.createToastManager();

const tones: Record<string, string> = { good: "text-good", info: "text-info", bad: "text-bad" };

/** F6 leads to what it shows. */
export default function Toaster() {
  // After the provider listens, which is within: what is added before that is lost.
  useEffect(() => receiveToasts((told) => void manager.add(told)), []);
  return (
    <Base.Provider toastManager={manager} limit={4}>
      <Base.Portal>
        <Base.Viewport
          aria-label={words.notifications}
          className="fixed end-4 bottom-4 z-70 flex w-90 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none print:hidden"
        >
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function Toasts() {
  const { toasts } = Base.useToastManager();
  return toasts.map((item) => {
    const tone = (item.type ?? "info") as Tone;
    const Icon = toneIcons[tone];
    return (
      <Base.Root
        key={item.id}
        toast={item}
        swipeDirection="right"
        className="translate-x-(--toast-swipe-movement-x) rounded-8 border border-line bg-popover text-ink shadow-popover transition-[opacity,translate] duration-150 data-limited:hidden data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0 data-swiping:transition-none"
      >
        <Base.Content className="flex items-start gap-2.5 py-2 ps-3 pe-2">
          <Icon aria-hidden="true" className={cx("mt-1.5 size-4 shrink-0", tones[tone])} />
          <div className="min-w-0 flex-1 py-1">
            <Base.Title render={<p />} className="break-words font-medium" />
            <Base.Description className="break-words text-12 text-muted" />
          </div>
          <Base.Close render={<IconButton icon={X} label={words.dismiss} size="sm" />} />
        </Base.Content>
      </Base.Root>
    );
  });
}
