import { SystemSelect } from "@/events/system-select";
import { RangePicker, Switch } from "@/ui";
import { isSystem, type UrlFilter, WHOLE_TIME } from "./filter";
import { words } from "./words";

export function Filters({ url, onChange }: { url: UrlFilter; onChange(change: Partial<UrlFilter>): void }) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <SystemSelect
        value={isSystem(url.ai) ? url.ai : undefined}
        onChange={(ai) => onChange({ ai })}
        className="w-44 max-w-full"
      />
      <RangePicker
        label={words.filterTime}
        value={url.range}
        onChange={(range) => onChange({ range })}
        presets={["1h", "24h", "7d", "30d", WHOLE_TIME]}
        custom
      />
      <Switch label={words.onlyErrors} checked={url.errors} onChange={(errors) => onChange({ errors })} />
    </div>
  );
}
