/** Filters that are chosen together, and asked for when one is done. */
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button, Dialog } from "@/ui";
import type { Url } from "./filters";
import { words } from "./words";

interface Props {
  url: Url;
  onChange(change: Partial<Url>): void;
  onClose(): void;
  children(draft: Url, change: (change: Partial<Url>) => void): ReactNode;
}

const NONE: Partial<Url> = { type: undefined, ai: undefined, session: undefined, request: undefined };

export function FiltersDialog({ url, onChange, onClose, children }: Props) {
  const form = useId();
  const [change, setChange] = useState<Partial<Url>>({});
  const add = (more: Partial<Url>) => setChange((before) => ({ ...before, ...more }));
  function apply(event: FormEvent) {
    event.preventDefault();
    onChange(change);
    onClose();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.filtersTitle}
      size="sm"
      footer={
        <>
          <Button variant="ghost" className="me-auto" onClick={() => add(NONE)}>
            {words.clearFilters}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button variant="primary" type="submit" form={form}>
            {words.apply}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={apply}>
        {children({ ...url, ...change }, add)}
      </form>
    </Dialog>
  );
}
