/** An id, a key, a topic: every character of it counts, also those of which there is no room in the middle. */
import { Copy } from "./copy";
import { cx } from "./cx";

/** Ids begin alike, as they begin with the time: where one is cut, its end is what tells it from others. */
const TAIL_CHARS = 6;

export interface MonoProps {
  children: string;
  copy?: boolean;
  /** One line, cut in the middle where there is no room. */
  truncate?: boolean;
  className?: string;
}

export function Mono({ children, copy = false, truncate = false, className }: MonoProps) {
  const isCut = truncate && children.length > 2 * TAIL_CHARS;
  const text = (
    <bdi
      dir="auto"
      title={isCut ? children : undefined}
      className={cx(
        "font-mono text-12",
        isCut ? "inline-flex min-w-0 max-w-full whitespace-pre align-bottom" : "[overflow-wrap:anywhere]",
        className,
      )}
    >
      {isCut ? (
        <>
          <span className="min-w-0 truncate">{children.slice(0, -TAIL_CHARS)}</span>
          <span className="shrink-0">{children.slice(-TAIL_CHARS)}</span>
        </>
      ) : (
        children
      )}
    </bdi>
  );
  if (!copy) return text;
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-1">
      {text}
      <Copy value={children} size="sm" iconOnly />
    </span>
  );
}
