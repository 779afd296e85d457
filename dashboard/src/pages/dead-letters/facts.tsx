import type { ReactNode } from "react";
import type { Schemas } from "@/api";
import { DataList, Link, Mono, Time } from "@/ui";
import { State } from "./letters-table";
import { words } from "./words";

/** Where a letter comes from, whose it is, and what became of it. */
export function Facts({ letter }: { letter: Schemas["WholeDeadLetter"] }) {
  const items: { label: string; value: ReactNode }[] = [
    { label: words.facts.id, value: <Mono copy>{letter.id}</Mono> },
    { label: words.facts.at, value: <Time value={letter.at} style="datetime" /> },
    { label: words.facts.state, value: <State of={letter} /> },
    { label: words.facts.place, value: words.place(letter.topic, letter.partition, letter.offset) },
    { label: words.facts.aiSystem, value: <AiSystem id={letter.ai_id} /> },
    { label: words.facts.event, value: <Event letter={letter} /> },
    { label: words.facts.redrives, value: words.times(letter.redrives) },
  ];
  if (letter.redriven_from != null) {
    const id = letter.redriven_from;
    const link = (
      <Link to="/dead-letters/$id" params={{ id }}>
        {id}
      </Link>
    );
    items.push({ label: words.facts.from, value: link });
  }
  if (letter.redriven != null) {
    const { at, by_kind, by_id } = letter.redriven;
    items.push({ label: words.facts.redriven, value: <Time value={at} style="datetime" /> });
    items.push({
      label: words.facts.by,
      value: (
        <span className="inline-flex flex-wrap items-baseline gap-x-2">
          {words.byKind[by_kind] ?? by_kind} <Mono>{by_id}</Mono>
        </span>
      ),
    });
  }
  return <DataList items={items} />;
}

function AiSystem({ id }: { id: string | null | undefined }) {
  if (id == null) return <span className="text-faint">{words.nobody}</span>;
  return (
    <Link to="/ai-systems/$id" params={{ id }}>
      <Mono>{id}</Mono>
    </Link>
  );
}

/** Where the id is taken or the record was stored after all, there is an event to go to. */
function Event({ letter }: { letter: Schemas["WholeDeadLetter"] }) {
  const { event_id: id } = letter;
  if (id == null) return <span className="text-faint">{words.nobody}</span>;
  const isStored = letter.reason === "event_id_conflict" || letter.state === "redriven";
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-3">
      <Mono copy>{id}</Mono>
      {isStored && (
        <Link to="/event/$id" params={{ id }}>
          {letter.reason === "event_id_conflict" ? words.eventWithId : words.seeEvent}
        </Link>
      )}
    </span>
  );
}
