/** A moment, in the viewer's zone; the exact one in UTC is its title. All that say how long ago share one clock. */
import { useCallback, useSyncExternalStore } from "react";
import { clock } from "@/lib/clock";
import { formatTime, formatUtc, NONE, parseTime, relative, type TimeInput, type TimeStyle } from "@/lib/time";

export interface TimeProps {
  value: TimeInput | null | undefined;
  style?: "relative" | TimeStyle;
  className?: string;
}

export function Time({ value, style = "relative", className }: TimeProps) {
  const date = value == null ? undefined : parseTime(value);
  if (value == null || date === undefined || Number.isNaN(date.getTime())) {
    return <span className={className}>{NONE}</span>;
  }
  return (
    <time dateTime={date.toISOString()} title={formatUtc(value)} className={className}>
      {style === "relative" ? <Ago ms={date.getTime()} /> : formatTime(date, style)}
    </time>
  );
}

/** Drawn again only when its words change, not with every tick. */
function Ago({ ms }: { ms: number }) {
  const words = useCallback(() => relative(ms, clock.now()), [ms]);
  return useSyncExternalStore(clock.subscribe, words);
}
