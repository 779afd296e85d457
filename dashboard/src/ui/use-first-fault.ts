import { type RefObject, useEffect, useRef } from "react";

/** Leads to the first field of a form that is wrong, as soon as others are wrong than before. */
export function useFirstFault(faults: Readonly<Partial<Record<string, string>>>): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const wrong = Object.keys(faults).join(" ");
  useEffect(() => {
    if (wrong === "") return;
    form.current?.querySelector<HTMLElement>("[aria-invalid='true'], [data-wrong]")?.focus();
  }, [wrong]);
  return form;
}
