/** Where reading begins: the partition, and its newest or oldest message, a time or an offset. */
import { RefreshCw } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fromField, toField } from "@/lib/wall-clock";
import { Button, IconButton, Input, Segmented, Select } from "@/ui";
import type { SetTopicState, TopicState } from "../detail";
import type { TopicDescribed } from "../use-topics";
import { words } from "../words";
import { partitionOf, STARTS, type Start } from "./place";

const { browser: text } = words;

interface Props {
  topic: TopicDescribed;
  state: TopicState;
  setState: SetTopicState;
  onReadAgain(): void;
}

export function Toolbar({ topic, state, setState, onReadAgain }: Props) {
  // A time or an offset is asked for when it is complete; what begins at once begins with the press.
  const [start, setStart] = useState<Start>(state.start);
  const [seen, setSeen] = useState(state.start);
  if (seen !== state.start) {
    setSeen(state.start);
    setStart(state.start);
  }
  const partition = partitionOf(state.partition, topic.partitions);
  const starts = STARTS.filter((value) => value !== "offset" || !topic.reserved);

  function choose(value: string) {
    const next = value as Start;
    setStart(next);
    if (next === "newest" || next === "earliest") setState({ start: next, message: undefined });
  }

  return (
    <div className="flex min-w-0 flex-wrap items-end gap-3">
      <Select
        label={text.partition}
        value={partition === undefined ? "" : String(partition)}
        onChange={(value) => setState({ partition: value, message: undefined })}
        options={[
          { value: "", label: text.allPartitions },
          ...Array.from({ length: topic.partitions }, (_, i) => ({
            value: String(i),
            label: text.onePartition(i),
          })),
        ]}
        className="w-40"
      />
      <IconButton
        icon={RefreshCw}
        label={text.refresh}
        shortcut="r"
        onClick={onReadAgain}
        className="-ms-2"
      />
      <Segmented
        label={text.start}
        value={start}
        onChange={choose}
        options={starts.map((value) => ({ value, label: text.starts[value] }))}
      />
      {start === "time" && (
        <TimeForm at={state.at} onGo={(at) => setState({ start: "time", at, message: undefined })} />
      )}
      {start === "offset" && (
        <OffsetForm
          key={partition}
          topic={topic}
          partition={partition}
          offset={state.offset}
          onGo={(offset) => setState({ start: "offset", offset, message: undefined })}
        />
      )}
    </div>
  );
}

function TimeForm({ at, onGo }: { at: string | undefined; onGo(at: string): void }) {
  const given = new Date(at ?? Date.now());
  const [value, setValue] = useState(() => toField(Number.isNaN(given.getTime()) ? new Date() : given));
  const time = fromField(value);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (time !== undefined) onGo(time.toISOString());
  }
  return (
    <form onSubmit={submit} className="flex items-center gap-2">
      <Input
        type="datetime-local"
        step={1}
        aria-label={text.time}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        className="w-56"
      />
      <Button type="submit" disabled={time === undefined}>
        {text.go}
      </Button>
    </form>
  );
}

interface OffsetFormProps {
  topic: TopicDescribed;
  partition: number | undefined;
  offset: number;
  onGo(offset: number): void;
}

function OffsetForm({ topic, partition, offset, onGo }: OffsetFormProps) {
  const [value, setValue] = useState(String(offset));
  const bounds = topic.statistics.partitions.find((known) => known.partition === partition);
  const wanted = /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (wanted !== undefined) onGo(wanted);
  }
  if (partition === undefined) return <p className="py-2 text-12 text-muted">{text.offsetNeedsPartition}</p>;
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
      <Input
        inputMode="numeric"
        aria-label={text.offset}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        className="w-36"
      />
      <Button type="submit" disabled={wanted === undefined}>
        {text.go}
      </Button>
      {bounds !== undefined && bounds.end > bounds.earliest && (
        <span className="text-12 text-muted tabular-nums">
          {text.offsetRange(bounds.earliest, bounds.end)}
        </span>
      )}
    </form>
  );
}
