/** One of the AI systems, by the name that people gave it. */
import { useMemo } from "react";
import { cut, visible } from "@/lib/text";
import { Select } from "@/ui";
import { useSystemNames } from "./use-system-names";
import { words } from "./words";

const ANY = "";
const NAME_CHARS_MAX = 60;

interface SystemSelectProps {
  value: string | undefined;
  onChange(aiId: string | undefined): void;
  className?: string;
}

export function SystemSelect({ value, onChange, className }: SystemSelectProps) {
  const names = useSystemNames();
  const chosen = value?.toLowerCase();
  const options = useMemo(() => {
    const named = [...names].map(([id, name]) => ({ value: id, label: cut(visible(name), NAME_CHARS_MAX) }));
    named.sort((one, other) => one.label.localeCompare(other.label));
    const isUnnamed = chosen !== undefined && !names.has(chosen);
    return [
      { value: ANY, label: words.anySystem },
      ...(isUnnamed ? [{ value: chosen, label: cut(visible(chosen), NAME_CHARS_MAX) }] : []),
      ...named,
    ];
  }, [names, chosen]);
  return (
    <Select
      label={words.system}
      value={chosen ?? ANY}
      onChange={(id) => onChange(id === ANY ? undefined : id)}
      options={options}
      className={className}
    />
  );
}
