/** Text that came from outside: shown in its own writing direction, which stays inside; cut when it is long. */
import { cut } from "@/lib/text";
import { cx } from "./cx";

/** As much of a text that was cut as a tooltip is given. */
const TITLE_CHARS_MAX = 1000;

export interface ForeignProps {
  children: string;
  /** Characters that are shown at most. */
  max?: number;
  className?: string;
}

export function Foreign({ children, max = 2000, className }: ForeignProps) {
  const shown = cut(children, max);
  const title = shown === children ? undefined : cut(children, TITLE_CHARS_MAX);
  return (
    <bdi dir="auto" title={title} className={cx("[overflow-wrap:anywhere]", className)}>
      {shown}
    </bdi>
  );
}
