/** A field to search or to filter by, whose value lives elsewhere: in the address, mostly. */
import { Search } from "lucide-react";
import { type ReactNode, type Ref, useEffect, useState } from "react";
import { useDebounced } from "@/lib/debounced";
import { Input } from "./input";

/** Between two letters of somebody who types. */
const PAUSE_MS = 200;

/** Of what was told and never came back, as where the address was changed twice at once. */
const TOLD_MAX = 20;

export interface SearchInputProps {
  label: string;
  value: string;
  /** Told once the fingers rest, or go elsewhere. */
  onSettle(value: string): void;
  pauseMs?: number;
  name?: string;
  trailing?: ReactNode;
  className?: string;
  ref?: Ref<HTMLInputElement>;
}

/**
 * Shows what is typed at once, and tells of it a moment later: an address changes too slowly to be typed into, and letters
 * would be lost on the way.
 */
export function SearchInput({ label, value, onSettle, pauseMs = PAUSE_MS, ...input }: SearchInputProps) {
  const [typed, setTyped] = useState(value);
  const settled = useDebounced(typed, pauseMs);
  const [known, setKnown] = useState(value);
  // Told, and not come back yet, the oldest first.
  const [told, setTold] = useState<readonly string[]>([]);
  if (value !== known) {
    setKnown(value);
    const echo = told.indexOf(value);
    // What we did not tell came without us: a view was chosen, or one went back.
    if (echo < 0) setTyped(value);
    setTold(echo < 0 ? [] : told.slice(echo + 1));
  }
  function tell() {
    if (typed === (told.at(-1) ?? value)) return;
    setTold([...told.slice(-TOLD_MAX), typed]);
    onSettle(typed);
  }
  // Only what was typed tells
  useEffect(() => {
    if (settled === typed) tell();
  }, [settled]);
  return (
    <Input
      type="search"
      icon={Search}
      aria-label={label}
      placeholder={label}
      value={typed}
      maxLength={256}
      onChange={(event) => setTyped(event.target.value)}
      // Who goes on to another filter means the one after what was typed.
      onBlur={tell}
      onKeyDown={(event) => {
        if (event.key === "Enter") tell();
        else if (event.key === "Escape") event.currentTarget.blur();
      }}
      {...input}
    />
  );
}
