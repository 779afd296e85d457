/** Text that is to be read letter by letter, and copied. */
import { useMemo, useRef } from "react";
import { visibleLines } from "@/lib/text";
import { Copy } from "./copy";
import { cx } from "./cx";
import { words } from "./data-words";
import { highlight, type Language, tokenLook } from "./highlight";
import { useScrollable } from "./use-scrollable";

export interface CodeProps {
  children: string;
  language?: Language;
  copy?: boolean;
  /** Long lines go on below; otherwise the box scrolls. */
  wrap?: boolean;
  maxHeight?: number;
  /** What it is, for screen readers. */
  label?: string;
  className?: string;
}

export function Code({
  children,
  language,
  copy = true,
  wrap = false,
  maxHeight,
  label,
  className,
}: CodeProps) {
  const box = useRef<HTMLPreElement>(null);
  const isScrollable = useScrollable(box);
  // What turns the writing direction would make a command look like another one.
  const shown = useMemo(() => visibleLines(children), [children]);
  const tokens = useMemo(
    () => (language === undefined ? undefined : highlight(shown, language)),
    [shown, language],
  );
  return (
    <div className={cx("relative min-w-0 rounded-8 border border-line bg-canvas", className)}>
      <pre
        ref={box}
        dir="ltr"
        style={{ maxHeight }}
        {...(isScrollable && { tabIndex: 0, role: "region", "aria-label": label ?? words.code })}
        className={cx(
          "overflow-auto rounded-8 px-3 py-2.5 font-mono text-12 text-ink leading-5",
          wrap && "whitespace-pre-wrap [overflow-wrap:anywhere]",
          copy && "pe-11",
        )}
      >
        <code>
          {tokens?.map(({ kind, text }, index) =>
            kind === "plain" ? (
              text
            ) : (
              <span key={index} className={tokenLook[kind]}>
                {text}
              </span>
            ),
          ) ?? shown}
        </code>
      </pre>
      {copy && <Copy value={children} size="sm" iconOnly className="absolute end-1.5 top-1.5 bg-canvas" />}
    </div>
  );
}
