/** Everything that can be gone to or done, found by typing: pages, actions, keys, topics, AI systems, and ids. */
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api";
import { Foreign, Kbd, Spinner, useTheme, VisuallyHidden } from "@/ui";
import { actions, pages } from "./commands";
import { type Entry, type EntryGroup, rank } from "./entry";
import { pasted } from "./pasted";
import { SEARCHED_MAX, useFound } from "./use-found";
import { words } from "./words";

interface Props {
  open: boolean;
  onClose(): void;
}

export function Palette({ open, onClose }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-60 bg-overlay transition-opacity duration-120 data-starting-style:opacity-0 print:hidden" />
        <Dialog.Viewport className="fixed inset-0 z-60 flex h-dvh items-start justify-center overflow-hidden p-2 sm:pt-[12vh]">
          <Dialog.Popup className="flex max-h-[min(34rem,calc(100dvh-1rem))] w-full max-w-152 flex-col overflow-hidden rounded-12 border border-line bg-popover text-ink shadow-dialog outline-none transition-[opacity,translate] duration-120 data-starting-style:-translate-y-1 data-starting-style:opacity-0">
            <Dialog.Title render={<VisuallyHidden />}>{words.title}</Dialog.Title>
            <Commands onClose={onClose} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ onClose }: { onClose(): void }) {
  const { can } = useSession();
  const [, setTheme] = useTheme();
  const [query, setQuery] = useState("");
  const navigate = useNavigate();
  const found = useFound(query);
  const groups = answers(query, [...pages(can), ...actions({ may: can, setTheme }), ...found.entries], can);
  const count = groups.reduce((sum, group) => sum + group.items.length, 0);

  function run(entry: Entry) {
    onClose();
    if (typeof entry.run === "function") entry.run();
    else void navigate(entry.run as never);
  }

  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      autoHighlight="always"
      keepHighlight
      items={groups.map(({ name, items }) => ({ value: name, items }))}
      value={query}
      onValueChange={(value, { reason }) => reason !== "item-press" && setQuery(value)}
      itemToStringValue={(entry: Entry) => entry.label}
    >
      <div className="flex items-center gap-2 border-line border-b px-3">
        {found.isAsking ? (
          <Spinner className="size-4" />
        ) : (
          <Search aria-hidden="true" className="size-4 shrink-0 text-faint" />
        )}
        <Autocomplete.Input
          aria-label={words.title}
          placeholder={words.placeholder}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          className="h-12 min-w-0 flex-1 bg-transparent text-14 outline-none pointer-coarse:text-16"
        />
        <Dialog.Close className="rounded-4 border border-line px-1.5 text-11 text-muted hover:bg-raised hover:text-ink pointer-coarse:h-10 pointer-coarse:border-0 pointer-coarse:text-13">
          <span aria-hidden="true" className="pointer-coarse:hidden">
            Esc
          </span>
          <span className="sr-only pointer-coarse:not-sr-only">{words.close}</span>
        </Dialog.Close>
      </div>
      <Autocomplete.Empty>
        {count === 0 && !found.isAsking && (
          <div className="px-4 py-10 text-center">
            <p className="font-semibold text-14">{words.nothing}</p>
            <p className="mt-1 text-muted">{words.nothingHelp}</p>
          </div>
        )}
      </Autocomplete.Empty>
      {/* It is scrolled by the keys of the input, so it needs no focus of its own. */}
      <Autocomplete.List className="min-h-0 flex-1 scroll-py-2 overflow-y-auto overscroll-contain p-1.5 empty:hidden">
        {(group: { value: EntryGroup["name"]; items: Entry[] }) => (
          <Autocomplete.Group key={group.value} items={group.items} className="not-first:mt-1.5">
            <Autocomplete.GroupLabel className="px-2.5 py-1.5 text-11 font-medium text-muted select-none">
              {words.groups[group.value]}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => <Line key={entry.id} entry={entry} onRun={() => run(entry)} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <footer className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 border-line border-t px-3 py-1.5 text-12 text-muted">
        <Autocomplete.Status className="min-w-0">
          {found.isAsking ? words.asking : words.results(count)}
          {found.hasFailed && ` ${words.failed}`}
          {found.isBounded && query.trim() !== "" && ` ${words.bounded(SEARCHED_MAX)}`}
        </Autocomplete.Status>
        <span aria-hidden="true" className="flex items-center gap-3 pointer-coarse:hidden">
          <Hint keys="up down" label={words.hints.move} />
          <Hint keys="enter" label={words.hints.open} />
        </span>
      </footer>
    </Autocomplete.Root>
  );
}

/** Ids for sure, then what is called so, then what it may be besides. */
function answers(query: string, entries: readonly Entry[], may: Parameters<typeof pasted>[1]): EntryGroup[] {
  const { certain, possible } = pasted(query, may);
  const ranked = certain.length > 0 ? rank(query, entries.filter(hasHint)) : rank(query, entries);
  const groups: EntryGroup[] = [
    { name: "pasted", items: certain },
    ...ranked,
    { name: "pasted", items: certain.length > 0 ? [] : possible },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** An id answers to those that carry it, and to no page. */
function hasHint(entry: Entry): boolean {
  return entry.hint !== undefined;
}

function Line({ entry, onRun }: { entry: Entry; onRun(): void }) {
  const { icon: Icon, label, hint, keys } = entry;
  return (
    <Autocomplete.Item
      value={entry}
      onClick={onRun}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-6 px-2.5 py-1 text-13 outline-none select-none data-highlighted:bg-raised pointer-coarse:min-h-11"
    >
      <Icon aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1 truncate">
        <Foreign>{label}</Foreign>
      </span>
      {hint && <span className="max-w-[45%] truncate font-mono text-12 text-faint">{hint}</span>}
      {keys && <Kbd keys={keys} />}
    </Autocomplete.Item>
  );
}

function Hint({ keys, label }: { keys: string; label: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <Kbd keys={keys} />
      {label}
    </span>
  );
}
