/** From one moment to another, beside the button that opened it. */
import { Popover } from "@base-ui/react/popover";
import { type FormEvent, type RefObject, useState } from "react";
import { type Range, resolveRange } from "@/lib/time";
import { fromField, offsetName, toField } from "@/lib/wall-clock";
import { Button } from "./button";
import { words } from "./data-words";
import { Field } from "./field";
import { Input } from "./input";

/** What is wrong with a range, if anything; otherwise the range. */
export function readRange(from: string, to: string, zone?: string): { range: Range } | { fault: string } {
  const [begin, end] = [fromField(from, zone), fromField(to, zone)];
  if (begin === undefined || end === undefined) return { fault: words.bothNeeded };
  if (begin.getTime() >= end.getTime()) return { fault: words.wrongOrder };
  return { range: { from: begin.toISOString(), to: end.toISOString() } };
}

interface RangePopupProps {
  anchor: RefObject<HTMLElement | null>;
  /** What is shown to begin with. */
  value: Range;
  onChoose(range: Range): void;
  onClose(): void;
}

export function RangePopup({ anchor, value, onChoose, onClose }: RangePopupProps) {
  const [shown] = useState(() => resolveRange(value, Date.now()));
  // From the beginning of time on is nothing to begin with.
  const [from, setFrom] = useState(shown.from.getTime() === 0 ? "" : toField(shown.from));
  const [to, setTo] = useState(toField(shown.to));
  const [fault, setFault] = useState<string>();

  function apply(event: FormEvent) {
    event.preventDefault();
    // A portal is within its parent for React: the form around this one is not to be sent.
    event.stopPropagation();
    const read = readRange(from, to);
    if ("fault" in read) setFault(read.fault);
    else onChoose(read.range);
  }

  function change(isOpen: boolean, { reason, event }: Popover.Root.ChangeEventDetails) {
    // The button closes it itself: closed by the press, it would be opened again by the click.
    const isButton = reason === "outside-press" && anchor.current?.contains(event.target as Node);
    if (!isOpen && isButton !== true) onClose();
  }

  const now = new Date();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Popover.Root open onOpenChange={change}>
      <Popover.Portal>
        <Popover.Positioner anchor={anchor} sideOffset={6} align="end" collisionPadding={8} className="z-60">
          <Popover.Popup
            aria-label={words.range}
            finalFocus={anchor}
            className="w-72 max-w-(--available-width) rounded-8 border border-line bg-popover p-4 text-13 text-ink shadow-popover outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            <form onSubmit={apply} noValidate className="flex flex-col gap-3">
              <Field label={words.from}>
                <Input
                  type="datetime-local"
                  value={from}
                  max={to}
                  onChange={(event) => setFrom(event.target.value)}
                />
              </Field>
              <Field label={words.to} error={fault}>
                <Input
                  type="datetime-local"
                  value={to}
                  min={from}
                  onChange={(event) => setTo(event.target.value)}
                />
              </Field>
              <p className="text-12 text-muted">{words.zone(zone, offsetName(now))}</p>
              <Button type="submit" variant="primary">
                {words.apply}
              </Button>
            </form>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
