/** The filters, each as a control. */
import { useMemo } from "react";
import { $api } from "@/api";
import { SystemSelect as SystemChoice } from "@/events/system-select";
import { Field, Input, RangePicker, Select, type SelectOption } from "@/ui";
import { EVENT_TYPES, isOfEvents, rangeOf, topicOf, type Url } from "./filters";
import { EVENTS_TOPIC } from "./live-list";
import { words } from "./words";

interface Props {
  url: Url;
  onChange(change: Partial<Url>): void;
  className?: string;
}

const ANY = "";
export function TypeSelect({ url, onChange, className }: Props) {
  const options: SelectOption[] = [
    { value: ANY, label: words.anyType },
    ...EVENT_TYPES.map((type) => ({ value: type, label: words.types[type] })),
  ];
  const value = options.some((option) => option.value === url.type) ? (url.type ?? ANY) : ANY;
  return (
    <Select
      label={words.type}
      value={value}
      onChange={(type) => onChange({ type: type === ANY ? undefined : type })}
      options={options}
      className={className}
    />
  );
}

export function SystemSelect({ url, onChange, className }: Props) {
  return <SystemChoice value={url.ai} onChange={(ai) => onChange({ ai })} className={className} />;
}

const TOPICS_MAX = 500;

export function TopicSelect({ url, onChange, className }: Props) {
  const { data } = $api.useQuery("get", "/api/v1/topics", { params: { query: { limit: TOPICS_MAX } } });
  const topic = topicOf(url);
  const options = useMemo(() => {
    const others = (data?.items ?? []).map(({ name }) => name).filter((name) => name !== EVENTS_TOPIC);
    const all = others.includes(topic) || topic === EVENTS_TOPIC ? others : [topic, ...others];
    return [
      { value: EVENTS_TOPIC, label: words.events },
      ...all.map((name) => ({ value: name, label: name })),
    ];
  }, [data, topic]);
  return (
    <Select
      label={words.topic}
      value={topic}
      // Another topic has other times: its own beginning.
      onChange={(chosen) => onChange({ topic: chosen, range: undefined, from: undefined, to: undefined })}
      options={options}
      className={className}
    />
  );
}

export function RangeField({ url, onChange }: Props) {
  const ofEvents = isOfEvents(url);
  return (
    <RangePicker
      label={words.range}
      value={rangeOf(url)}
      presets={["1h", "24h", "7d", "all"]}
      custom={ofEvents}
      onChange={(range) => {
        if ("preset" in range) onChange({ range: range.preset, from: undefined, to: undefined });
        else onChange({ range: undefined, from: range.from, to: range.to });
      }}
    />
  );
}

/** All of them one below the other; on a wide screen only those that are not in the line. */
export function FilterFields({ url, onChange, isWhole }: Props & { isWhole: boolean }) {
  const ofEvents = isOfEvents(url);
  return (
    <div className="flex flex-col gap-4">
      {isWhole && (
        <>
          <Field label={words.topic}>
            <TopicSelect url={url} onChange={onChange} />
          </Field>
          {ofEvents && (
            <>
              <Field label={words.type}>
                <TypeSelect url={url} onChange={onChange} />
              </Field>
              <Field label={words.system}>
                <SystemSelect url={url} onChange={onChange} />
              </Field>
            </>
          )}
          <div className="flex flex-col gap-1.5">
            <span className="font-medium text-13">{words.range}</span>
            <RangeField url={url} onChange={onChange} />
          </div>
        </>
      )}
      {ofEvents ? (
        <>
          <Field label={words.sessionId} optional>
            <Input
              value={url.session ?? ""}
              onChange={(event) => onChange({ session: event.target.value || undefined })}
              className="font-mono"
            />
          </Field>
          <Field label={words.requestId} optional>
            <Input
              value={url.request ?? ""}
              onChange={(event) => onChange({ request: event.target.value || undefined })}
              className="font-mono"
            />
          </Field>
        </>
      ) : (
        <p className="text-12 text-muted">{words.ofEventsOnly}</p>
      )}
    </div>
  );
}
