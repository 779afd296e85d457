/** What the trail is narrowed by: kind and action, who, to what, when. */
import { X } from "lucide-react";
import { type FormEvent, useEffect, useId, useState } from "react";
import type { Range } from "@/lib/time";
import { Button, IconButton, Input, RangePicker, Select } from "@/ui";
import { actionsOf, nounOf, nounText, verbOf, verbText } from "./entry";
import { type Filter, isNarrowed } from "./filter";
import { NOUNS } from "./sentences";
import { words } from "./words";

const ANY = "any";

interface Props {
  filter: Filter;
  onChange(changes: Partial<Filter>): void;
  /** Names of who is known to have done something: to choose from while one types. */
  actors: readonly string[];
}

export function Filters({ filter, onChange, actors }: Props) {
  const noun = nounOf(filter.action);
  const all: Filter = { actor: "", action: "", target: "", range: { preset: "all" } };
  return (
    <div role="search" aria-label={words.filters.label} className="flex flex-wrap items-center gap-2">
      <Select
        label={words.filters.noun}
        value={noun === "" ? ANY : noun}
        onChange={(next) => onChange({ action: next === ANY ? "" : next })}
        options={nounOptions(noun)}
        className="w-44"
      />
      {actionsOf(noun).length > 1 && (
        <Select
          label={words.filters.verb}
          value={verbOf(filter.action) === "" ? ANY : filter.action}
          onChange={(next) => onChange({ action: next === ANY ? noun : next })}
          options={[
            { value: ANY, label: words.filters.anyVerb },
            ...actionsOf(noun).map((action) => ({ value: action, label: verbText(verbOf(action)) })),
          ]}
          className="w-44"
        />
      )}
      <Narrowing
        label={words.filters.actor}
        placeholder={words.filters.actorHint}
        value={filter.actor}
        onChange={(actor) => onChange({ actor })}
        suggestions={actors}
      />
      <Narrowing
        label={words.filters.target}
        placeholder={words.filters.targetHint}
        value={filter.target}
        onChange={(target) => onChange({ target })}
      />
      <RangePicker
        value={filter.range}
        onChange={(range: Range) => onChange({ range })}
        presets={["24h", "7d", "30d", "all"]}
        custom
      />
      {isNarrowed(filter) && (
        <Button variant="ghost" onClick={() => onChange(all)}>
          {words.filters.clear}
        </Button>
      )}
    </div>
  );
}

/** What the address names is offered even when it is none that is known here. */
function nounOptions(noun: string) {
  const known = Object.keys(NOUNS).filter((one) => one !== "plan" && one !== "master_key");
  const offered = noun === "" || known.includes(noun) ? known : [...known, noun];
  return [
    { value: ANY, label: words.filters.anyNoun },
    ...offered.map((one) => ({ value: one, label: nounText(one) })),
  ];
}

interface NarrowingProps {
  label: string;
  placeholder: string;
  value: string;
  onChange(text: string): void;
  suggestions?: readonly string[];
}

/** It has to match as a whole, so it is looked for when it is typed to its end: at Enter, or when the field is left. */
function Narrowing({ label, placeholder, value, onChange, suggestions = [] }: NarrowingProps) {
  const listId = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);

  function apply(event?: FormEvent): void {
    event?.preventDefault();
    if (text.trim() !== value) onChange(text.trim());
  }

  return (
    <form onSubmit={apply} className="min-w-0 flex-1 basis-40 sm:max-w-60">
      <Input
        aria-label={`${label}: ${placeholder}`}
        placeholder={`${label}: ${placeholder}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => apply()}
        list={suggestions.length === 0 ? undefined : listId}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        trailing={
          value !== "" && (
            <IconButton
              size="sm"
              icon={X}
              label={words.filters.clearOne(label)}
              onClick={() => onChange("")}
            />
          )
        }
      />
      {suggestions.length > 0 && (
        <datalist id={listId}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </form>
  );
}
