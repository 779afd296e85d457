import { type RefObject, useEffect, useRef } from "react";

/**
 * Leads to the first field of a form that is wrong, as soon as one is that was not before. That one is right again is no
 * reason to leave it: somebody is typing in it.
 */
export function useFirstFault(
  faults: Readonly<Partial<Record<string, string>>>,
): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const before = useRef<readonly string[]>([]);
  const wrong = Object.keys(faults).join(" ");
  useEffect(() => {
    const names = wrong === "" ? [] : wrong.split(" ");
    const isNew = names.some((name) => !before.current.includes(name));
    before.current = names;
    if (isNew) form.current?.querySelector<HTMLElement>("[aria-invalid='true'], [data-wrong]")?.focus();
  }, [wrong]);
  return form;
}
