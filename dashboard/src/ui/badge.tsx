import type { ReactNode } from "react";
import { cut, visible } from "@/lib/text";
import { cx } from "./cx";
import { eventTypes } from "./words";

export interface BadgeProps {
  tone: "neutral" | "good" | "warn" | "bad" | "info" | "accent";
  dot?: boolean;
  children: ReactNode;
  className?: string;
}

const tones: Record<BadgeProps["tone"], string> = {
  neutral: "bg-raised text-muted",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  accent: "bg-accent-soft text-accent",
};

/** A status: its colour, and always its word. */
export function Badge({ tone, dot = false, children, className }: BadgeProps) {
  return (
    <span
      className={cx(
        "inline-flex h-5 max-w-full shrink-0 items-center gap-1.5 rounded-full px-2 font-medium text-11 whitespace-nowrap forced-colors:border",
        tones[tone],
        className,
      )}
    >
      {dot && <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-current" />}
      <span className="min-w-0 truncate">{children}</span>
    </span>
  );
}

const typeTones: Readonly<Record<string, string>> = {
  "ai.action": "text-type-action",
  "ai.decision": "text-type-decision",
  "ai.error": "text-type-error",
  "ai.query": "text-type-query",
  "ai.response": "text-type-response",
};

const UNKNOWN_TYPE_CHARS_MAX = 40;

/** The type of an event: `ai.action` as "Action" in its colour; a type that is none of ours as it came. */
export function EventTypeBadge({ type, className }: { type: string; className?: string }) {
  const isKnown = Object.hasOwn(eventTypes, type);
  return (
    <span
      title={isKnown ? type : undefined}
      className={cx(
        "inline-flex max-w-full shrink-0 items-center gap-1.5 font-medium text-12 whitespace-nowrap",
        isKnown ? typeTones[type] : "text-muted",
        className,
      )}
    >
      <span aria-hidden="true" className="size-1.5 shrink-0 rounded-[2px] bg-current forced-colors:hidden" />
      <bdi className="min-w-0 truncate">
        {isKnown ? eventTypes[type] : cut(visible(type), UNKNOWN_TYPE_CHARS_MAX)}
      </bdi>
    </span>
  );
}
