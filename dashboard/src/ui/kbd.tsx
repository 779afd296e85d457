import { cx } from "./cx";

/** A shortcut as keys to look at: "mod+k", or two strokes after each other, "g k". Not shown on touch. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  const strokes = keys.split(" ").map((stroke) => stroke.split("+").map(nameOf));
  return (
    <span className={cx("inline-flex shrink-0 items-center gap-1 pointer-coarse:hidden", className)}>
      {strokes.flat().map((name, index) => (
        <kbd
          key={index}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-4 border border-line bg-raised px-1 font-sans text-11 text-muted"
        >
          {name}
        </kbd>
      ))}
    </span>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  shift: "⇧",
  enter: "↵",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  escape: "Esc",
  esc: "Esc",
  space: "Space",
};

function nameOf(key: string): string {
  if (key === "mod") return isApple() ? "⌘" : "Ctrl";
  if (key === "alt") return isApple() ? "⌥" : "Alt";
  return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
