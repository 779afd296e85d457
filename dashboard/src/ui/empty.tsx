import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";

export interface EmptyProps {
  icon?: LucideIcon;
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** Nothing is here yet, and what to do so that something is. */
export function Empty({ icon: Icon, title, children, action, className }: EmptyProps) {
  return (
    <div className={cx("flex flex-col items-center gap-3 px-4 py-12 text-center", className)}>
      {Icon && (
        <span className="grid size-10 place-items-center rounded-8 border bg-raised text-muted">
          <Icon aria-hidden="true" className="size-5" />
        </span>
      )}
      <div className="min-w-0 max-w-lg">
        <p className="break-words font-semibold text-14">{title}</p>
        {children && <div className="mt-1 break-words text-muted">{children}</div>}
      </div>
      {action && <div className="mt-1 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
