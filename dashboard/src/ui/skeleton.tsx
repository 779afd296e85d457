import { cx } from "./cx";

/** The shape of what comes. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx("block h-4 animate-pulse rounded-4 bg-raised", className)} />;
}

const WIDTHS = ["w-32", "w-20", "w-24", "w-16", "w-28"] as const;

/** A table that comes: its rows are as high as they will be. */
export function SkeletonTable({ rows, columns }: { rows: number; columns: number }) {
  return (
    <div aria-hidden="true" className="overflow-hidden rounded-8 border bg-surface">
      <div className="h-9 border-b bg-canvas" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-11 items-center gap-4 border-b px-4 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <span key={column} className={cx("min-w-0 flex-1", column > 1 && "hidden sm:block")}>
              <Skeleton className={cx("max-w-full", WIDTHS[(row + column) % WIDTHS.length])} />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
