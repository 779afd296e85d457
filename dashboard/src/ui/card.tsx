import { type ReactNode, useId } from "react";
import { cx } from "./cx";

export interface CardProps {
  title?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  padded?: boolean;
  className?: string;
}

/** A part of a page that belongs together. */
export function Card({ title, actions, children, padded = true, className }: CardProps) {
  const id = useId();
  const hasHead = title !== undefined || actions !== undefined;
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={cx("min-w-0 rounded-8 border bg-surface", className)}
    >
      {hasHead && (
        <header
          className={cx(
            "flex min-h-8 flex-wrap items-center justify-between gap-2 px-4 pt-3",
            padded ? "-mb-1" : "pb-3",
          )}
        >
          {title !== undefined && (
            <h2 id={id} className="min-w-0 break-words font-semibold text-14">
              {title}
            </h2>
          )}
          {actions && <div className="flex flex-wrap items-center gap-2 print:hidden">{actions}</div>}
        </header>
      )}
      {padded ? <div className="p-4">{children}</div> : children}
    </section>
  );
}
