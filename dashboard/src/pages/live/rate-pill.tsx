/** In which state the stream is, and how much comes. */
import { formatCount, formatRate } from "@/lib/numbers";
import { cx, Live, VisuallyHidden } from "@/ui";
import type { View } from "./live-list";
import { words } from "./words";

type Kind = View["stream"]["kind"];

const LOOK: Readonly<Record<Kind, { tone: string; text: string }>> = {
  live: { tone: "text-good", text: words.live },
  connecting: { tone: "text-faint", text: words.connecting },
  paused: { tone: "text-warn", text: words.paused },
  reconnecting: { tone: "text-warn", text: words.reconnecting },
  offline: { tone: "text-bad", text: words.offline },
  ended: { tone: "text-bad", text: words.ended },
  history: { tone: "text-faint", text: words.stored },
};

/** A tenth is worth showing only where little comes. */
function shown(perSecond: number): string {
  return formatRate(perSecond >= 10 ? Math.round(perSecond) : Math.round(perSecond * 10) / 10);
}

export function RatePill({ view }: { view: View }) {
  const { kind } = view.stream;
  const { tone, text } = LOOK[kind];
  return (
    <span className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border bg-raised px-2.5 font-medium text-12">
      <span aria-hidden="true" className={cx("size-1.5 rounded-full bg-current", tone)} />
      {kind === "live" ? (
        <>
          <span aria-hidden="true" className="text-muted">
            {shown(view.perSecond)}
          </span>
          <VisuallyHidden>
            {text}, {words.perSecond(formatCount(Math.round(view.perSecond)))}
          </VisuallyHidden>
        </>
      ) : (
        <span className={cx(tone === "text-faint" ? "text-muted" : tone)}>{text}</span>
      )}
      <Live>{text}</Live>
    </span>
  );
}
