/** What is asked for: the search and the filters, in a line where there is room, behind a button where there is not. */

import { ListFilter, X } from "lucide-react";
import { type Ref, useState } from "react";
import { cut, visible } from "@/lib/text";
import { Button, Kbd, SearchInput, usePhone } from "@/ui";
import { lazily } from "@/ui/lazily";
import { countConditions, isOfEvents, type Url } from "./filters";
import { words } from "./words";

// These come behind the page; what holds their places is as wide as they are, so that nothing moves.
const FilterFields = lazily(() => import("./filter-fields"), "FilterFields");
const RangeField = lazily(() => import("./filter-fields"), "RangeField", <Place className="w-[262px]" />);
const SystemSelect = lazily(() => import("./filter-fields"), "SystemSelect", <Place className="w-40" />);
const TopicSelect = lazily(() => import("./filter-fields"), "TopicSelect", <Place className="w-36" />);
const TypeSelect = lazily(() => import("./filter-fields"), "TypeSelect", <Place className="w-32" />);
const FiltersDialog = lazily(() => import("./filters-dialog"), "FiltersDialog");

function Place({ className }: { className: string }) {
  return <div className={`h-control shrink-0 ${className}`} />;
}

export interface FiltersProps {
  url: Url;
  onChange(change: Partial<Url>, options?: { replace?: boolean }): void;
}

interface Props extends FiltersProps {
  searchRef: Ref<HTMLInputElement>;
}

export function Toolbar({ url, onChange, searchRef }: Props) {
  const isPhone = usePhone();
  const [isOpen, setOpen] = useState(false);
  const ofEvents = isOfEvents(url);
  const count = countConditions({ ...url, q: "" });
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <SearchField url={url} onChange={onChange} inputRef={searchRef} />
      {!isPhone && (
        <>
          <TopicSelect url={url} onChange={onChange} className="w-36" />
          {ofEvents && <TypeSelect url={url} onChange={onChange} className="w-32" />}
          {ofEvents && <SystemSelect url={url} onChange={onChange} className="w-40" />}
          <RangeField url={url} onChange={onChange} />
        </>
      )}
      {(isPhone || ofEvents) && (
        <Button
          icon={ListFilter}
          onClick={() => setOpen(true)}
          aria-label={isPhone ? undefined : words.moreFilters}
        >
          {isPhone ? `${words.filters}${count > 0 ? ` (${count})` : ""}` : words.moreFilters}
        </Button>
      )}
      {ofEvents && <Chips url={url} onChange={onChange} />}
      {isOpen && (
        <FiltersDialog url={url} onChange={onChange} onClose={() => setOpen(false)}>
          {(draft, change) => <FilterFields url={draft} onChange={change} isWhole={isPhone} />}
        </FiltersDialog>
      )}
    </div>
  );
}

/** The store is asked for what is typed, so the fingers rest a little longer first. */
const TYPED_MS = 300;

function SearchField({ url, onChange, inputRef }: FiltersProps & { inputRef: Ref<HTMLInputElement> }) {
  return (
    <div className="min-w-56 max-w-full flex-1 basis-64">
      <SearchInput
        ref={inputRef}
        label={isOfEvents(url) ? words.search : words.searchMessages}
        value={url.q}
        pauseMs={TYPED_MS}
        onSettle={(q) => onChange({ q }, { replace: true })}
        trailing={<Kbd keys="/" className="me-1" />}
      />
    </div>
  );
}

const CHIP_CHARS_MAX = 40;

/** The filters that have no control of their own in the line. */
function Chips({ url, onChange }: FiltersProps) {
  const chips = [
    { name: words.bySession, value: url.session, clear: { session: undefined } },
    { name: words.byRequest, value: url.request, clear: { request: undefined } },
  ];
  return chips.map(({ name, value, clear }) =>
    value === undefined ? null : (
      <span
        key={name}
        className="inline-flex h-control max-w-full min-w-0 items-center gap-1 rounded-6 border border-accent bg-accent-soft ps-2.5 text-12"
      >
        <span className="min-w-0 truncate">
          <span className="text-muted">{name}</span>{" "}
          <bdi className="font-mono">{cut(visible(value), CHIP_CHARS_MAX)}</bdi>
        </span>
        <Button
          variant="ghost"
          size="sm"
          aria-label={words.removeFilter(name)}
          onClick={() => onChange(clear)}
          className="px-1.5"
        >
          <X aria-hidden="true" className="size-3.5" />
        </Button>
      </span>
    ),
  );
}
