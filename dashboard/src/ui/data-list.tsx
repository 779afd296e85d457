import { Fragment, type ReactNode } from "react";
import { cx } from "./cx";

export interface DataListProps {
  items: readonly { label: string; value: ReactNode }[];
  className?: string;
}

/** What is known of one thing: labels, and beside them their values. */
export function DataList({ items, className }: DataListProps) {
  return (
    <dl
      className={cx(
        "grid min-w-0 grid-cols-[minmax(5.5rem,auto)_minmax(0,1fr)] gap-x-5 gap-y-2 text-13",
        className,
      )}
    >
      {items.map((item) => (
        <Fragment key={item.label}>
          <dt className="max-w-40 break-words text-muted">{item.label}</dt>
          <dd className="min-w-0 break-words text-ink">{item.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
