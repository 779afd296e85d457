import { Check, Copy as CopyIcon, type LucideIcon, X } from "lucide-react";
import { type MouseEvent, useEffect, useState } from "react";
import { useAnnounce } from "./announce";
import { Button } from "./button";
import { copyText } from "./copy-text";
import { cx } from "./cx";
import { IconButton } from "./icon-button";
import { toast } from "./toast";
import { words } from "./words";

export interface CopyProps {
  value: string;
  label?: string;
  size?: "md" | "sm";
  iconOnly?: boolean;
  /** Beside other such icons: what tells it from them. */
  icon?: LucideIcon;
  className?: string;
}

type Outcome = "none" | "copied" | "failed";

const SHOWN_MS = 2_000;

const icons: Record<Outcome, LucideIcon> = { none: CopyIcon, copied: Check, failed: X };

/** Copies, and says so: to eyes for two seconds, to screen readers at once. */
export function Copy({
  value,
  label = words.copy,
  size = "sm",
  iconOnly = false,
  icon,
  className,
}: CopyProps) {
  const announce = useAnnounce();
  const [outcome, setOutcome] = useState<Outcome>("none");
  useEffect(() => {
    if (outcome === "none") return;
    const timer = setTimeout(() => setOutcome("none"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy(event: MouseEvent<HTMLButtonElement>) {
    if (await copyText(value, event.currentTarget)) {
      setOutcome("copied");
      announce(words.copied);
    } else {
      setOutcome("failed");
      toast.bad(words.notCopied, words.notCopiedHow);
    }
  }

  if (iconOnly) {
    const said = textOf(outcome, label);
    const shown = outcome === "none" && icon !== undefined ? icon : icons[outcome];
    return <IconButton icon={shown} label={said} size={size} onClick={copy} className={className} />;
  }
  // All that it may say stands in one place, so that the button stays as wide as it is.
  const sayings = [...new Set<Outcome>(["none", "copied", outcome])];
  return (
    <Button size={size} onClick={copy} className={className}>
      <span className="inline-grid justify-items-center">
        {sayings.map((saying) => (
          <span
            key={saying}
            aria-hidden={saying !== outcome || undefined}
            className={cx(
              "col-start-1 row-start-1 inline-flex items-center gap-1.5",
              saying !== outcome && "invisible",
            )}
          >
            <Said outcome={saying} label={label} />
          </span>
        ))}
      </span>
    </Button>
  );
}

function textOf(outcome: Outcome, label: string): string {
  return { none: label, copied: words.copied, failed: words.notCopied }[outcome];
}

function Said({ outcome, label }: { outcome: Outcome; label: string }) {
  const Icon = icons[outcome];
  return (
    <>
      <Icon aria-hidden="true" className={cx("size-3.5 shrink-0", outcome === "copied" && "text-good")} />
      {textOf(outcome, label)}
    </>
  );
}
