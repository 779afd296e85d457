/**
 * A panel at the right edge, for one row of a list: the list goes on beside it, so it is not modal. Wide screens make
 * room for it (theme.css), on smaller ones it lies over the page, and on a phone it is a dialog that fills the screen.
 */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from "react";
import { cx } from "./cx";
import { boundWidth, DRAWER_WIDTH_MAX, DRAWER_WIDTH_MIN, useDrawerWidth } from "./drawer-width";
import { IconButton } from "./icon-button";
import { usePhone } from "./use-media";
import { words } from "./words";

export interface DrawerProps {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
  /** In pixels, until the reader chooses another. */
  width?: number;
  /** Whether opening moves the focus into the panel, or leaves it in the list. Closing always gives it back. */
  focus?: "panel" | "stay";
}

const WIDTH_PRESET = 460;
const STEP = 24;

export function Drawer({ width = WIDTH_PRESET, focus = "panel", ...props }: DrawerProps) {
  const isPhone = usePhone();
  if (isPhone) return <FullScreen {...props} />;
  return props.open ? <Panel {...props} width={width} focus={focus} /> : null;
}

type PartProps = Omit<DrawerProps, "width" | "focus">;

function FullScreen({ open, onClose, title, actions, children }: PartProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Popup
          ref={popup}
          initialFocus={popup}
          className="fixed inset-0 z-50 flex h-dvh flex-col bg-surface text-ink outline-none transition-[opacity,translate] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-4 data-starting-style:opacity-0"
        >
          <Head
            title={<Base.Title className="min-w-0 flex-1 truncate font-semibold text-14">{title}</Base.Title>}
            actions={actions}
            close={<Base.Close render={<IconButton icon={X} label={words.close} shortcut="esc" />} />}
          />
          <div className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Panel(props: PartProps & { width: number; focus: "panel" | "stay" }) {
  const { onClose, title, actions, children, width: preset, focus } = props;
  const [width, setWidth] = useDrawerWidth(preset);
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  useDocked(width);
  useFocusAndReturn(panel, focus === "panel");
  useEscape(onClose);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-labelledby={titleId}
      // The CSSOM, not an attribute in markup: allowed by the policy.
      style={{ width: `min(${width}px, 100vw)` }}
      className="fixed inset-y-0 end-0 z-40 flex flex-col border-s bg-surface text-ink shadow-dialog outline-none lg:shadow-none print:static"
    >
      <WidthHandle panel={panel} width={width} onChange={setWidth} />
      <Head
        title={
          <h2 id={titleId} className="min-w-0 flex-1 truncate font-semibold text-14">
            {title}
          </h2>
        }
        actions={actions}
        close={<IconButton icon={X} label={words.close} shortcut="esc" onClick={onClose} />}
      />
      <div className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
    </aside>
  );
}

function Head({ title, actions, close }: { title: ReactNode; actions?: ReactNode; close: ReactNode }) {
  return (
    <header className="flex min-h-13 shrink-0 items-center gap-2 border-b py-2 ps-4 pe-2.5">
      {title}
      {actions}
      {close}
    </header>
  );
}

/** The page makes room: theme.css reads the width of what is docked. */
function useDocked(width: number): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset["drawer"] = "";
    root.style.setProperty("--drawer-width", `${width}px`);
    return () => {
      delete root.dataset["drawer"];
      root.style.removeProperty("--drawer-width");
    };
  }, [width]);
}

function useFocusAndReturn(panel: { current: HTMLElement | null }, isTaken: boolean): void {
  useEffect(() => {
    const before = document.activeElement;
    const element = panel.current;
    if (isTaken) element?.focus({ preventScroll: true });
    return () => {
      const at = document.activeElement;
      const isOurs = at === document.body || element?.contains(at);
      if (isOurs && before instanceof HTMLElement && before.isConnected)
        before.focus({ preventScroll: true });
    };
  }, [panel, isTaken]);
}

/** Wherever the focus is; what is above the panel (menus, dialogs, a field with a use for it) takes Esc first. */
function useEscape(onClose: () => void): void {
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("[role=dialog][data-open], [role=alertdialog][data-open]")) return;
      latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

interface WidthHandleProps {
  panel: { current: HTMLElement | null };
  width: number;
  onChange(width: number): void;
}

/** The left edge, which is pulled, or moved by the arrow keys. */
function WidthHandle({ panel, width, onChange }: WidthHandleProps) {
  function drag(event: PointerEvent<HTMLDivElement>) {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || panel.current === null) return;
    onChange(panel.current.getBoundingClientRect().right - event.clientX);
  }
  function move(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowLeft: STEP, ArrowRight: -STEP };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onChange(boundWidth(width + step));
  }
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={words.panelWidth}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={DRAWER_WIDTH_MIN}
      aria-valuemax={DRAWER_WIDTH_MAX}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={move}
      className={cx(
        "absolute inset-y-0 -start-1 z-1 w-2 cursor-col-resize touch-none",
        "after:absolute after:inset-y-0 after:start-[3px] after:w-0.5 after:bg-transparent hover:after:bg-accent focus-visible:outline-none focus-visible:after:bg-focus pointer-coarse:hidden",
      )}
    />
  );
}
