import { RangePicker, Segmented, Select } from "@/ui";
import { STATES, type StateChoice, type UrlFilter, WHOLE_TIME } from "./filter";
import { isReason, REASONS } from "./reasons";
import { words } from "./words";

const ANY = "any";

export function Filters({ url, onChange }: { url: UrlFilter; onChange(change: Partial<UrlFilter>): void }) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Segmented
        label={words.filterState}
        value={url.state}
        onChange={(state) => onChange({ state: state as StateChoice })}
        options={STATES.map((value) => ({ value, label: words.states[value] }))}
      />
      <Select
        label={words.filterReason}
        value={isReason(url.reason) ? url.reason : ANY}
        onChange={(reason) => onChange({ reason: reason === ANY ? undefined : reason })}
        options={[
          { value: ANY, label: words.anyReason },
          ...REASONS.map((value) => ({ value, label: words.reasons[value].label })),
        ]}
        className="w-52 max-w-full"
      />
      <RangePicker
        value={url.range}
        onChange={(range) => onChange({ range })}
        presets={["24h", "7d", "30d", WHOLE_TIME]}
        custom
        label={words.filterTime}
      />
    </div>
  );
}
