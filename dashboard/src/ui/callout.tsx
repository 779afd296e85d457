import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";

export type Tone = "info" | "warn" | "bad" | "good";

export interface CalloutProps {
  tone: Tone;
  title?: string;
  children?: ReactNode;
  className?: string;
}

export const toneIcons: Record<Tone, LucideIcon> = {
  info: Info,
  warn: TriangleAlert,
  bad: CircleAlert,
  good: CircleCheck,
};

const looks: Record<Tone, string> = {
  info: "bg-info-soft text-info",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  good: "bg-good-soft text-good",
};

/** A few words that one should not miss. */
export function Callout({ tone, title, children, className }: CalloutProps) {
  const Icon = toneIcons[tone];
  return (
    <div className={cx("flex items-start gap-2.5 rounded-8 px-3 py-2.5 text-13", looks[tone], className)}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1 break-words">
        {title && <p className="font-medium">{title}</p>}
        {children}
      </div>
    </div>
  );
}
