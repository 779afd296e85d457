import { LoaderCircle } from "lucide-react";
import { cx } from "./cx";
import { VisuallyHidden } from "./visually-hidden";

/** Something goes on. With a label it is spoken; without one something else says so. */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  return (
    <span role={label ? "status" : undefined} className={cx("inline-flex", className)}>
      <LoaderCircle aria-hidden="true" className="size-4 animate-spin" />
      {label && <VisuallyHidden>{label}</VisuallyHidden>}
    </span>
  );
}
