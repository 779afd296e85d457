/** Where a group goes on: first what would be done, then it is done. */
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate, isProblem, type Schemas } from "@/api";
import { fromField } from "@/lib/wall-clock";
import { Button, Callout, Count, Dialog, Field, Input, Problem, RadioCards, Table, toast } from "@/ui";
import { words } from "./words";

const { groups: text } = words;

type Place = "earliest" | "latest" | "time";
type Moved = Schemas["ResetPartition"];

interface Props {
  topic: string;
  group: string;
  onClose(): void;
}

export function ResetGroup({ topic, group, onClose }: Props) {
  const id = useId();
  const [place, setPlace] = useState<Place>("earliest");
  const [time, setTime] = useState("");
  const reset = $api.useMutation("post", "/api/v1/topics/{name}/consumers/{group}/reset");
  const at = fromField(time);
  const to = place === "time" ? at?.toISOString() : place;
  const preview = reset.data?.dry_run === true ? reset.data.partitions : undefined;

  async function send(event: FormEvent) {
    event.preventDefault();
    if (to === undefined) return;
    const isDone = preview !== undefined;
    const params = { path: { name: topic, group } };
    const done = await reset.mutateAsync({ params, body: { to, dry_run: !isDone } }).catch(() => undefined);
    if (done === undefined || done.dry_run) return;
    toast.good(text.done(group));
    void invalidate("/api/v1/topics/{name}/consumers");
    onClose();
  }

  function choose(next: Place) {
    setPlace(next);
    reset.reset();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!reset.isPending}
      title={text.resetTitle(group)}
      description={text.resetHelp}
      footer={
        <>
          <Button onClick={onClose}>{words.form.cancel}</Button>
          <Button
            type="submit"
            form={id}
            variant={preview === undefined ? "primary" : "danger"}
            busy={reset.isPending}
            disabled={to === undefined}
          >
            {preview === undefined ? text.preview : text.doReset}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={send} className="flex flex-col gap-4">
        <RadioCards
          label={text.resetTo}
          value={place}
          onChange={(value) => choose(value as Place)}
          options={[
            { value: "earliest", label: text.resetEarliest },
            { value: "latest", label: text.resetLatest },
            { value: "time", label: text.resetTime },
          ]}
        />
        {place === "time" && (
          <Field label={text.resetAt}>
            <Input
              type="datetime-local"
              step={1}
              value={time}
              onChange={(event) => {
                setTime(event.target.value);
                reset.reset();
              }}
              className="w-60"
            />
          </Field>
        )}
        {preview && <Preview partitions={preview} />}
        {reset.error !== null &&
          (isProblem(reset.error, "group_active") ? (
            <Callout tone="warn">{text.active}</Callout>
          ) : (
            <Problem compact error={reset.error} />
          ))}
      </form>
    </Dialog>
  );
}

function Preview({ partitions }: { partitions: readonly Moved[] }) {
  const moved = partitions.filter(({ from, to }) => to === undefined || (from ?? 0) !== to);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-13">{text.moves(moved.length)}</p>
      {moved.length > 0 && (
        <Table<Moved>
          label={text.preview}
          rows={moved}
          rowKey={({ partition }) => String(partition)}
          columns={[
            { key: "partition", header: text.partition, primary: true, cell: ({ partition }) => partition },
            {
              key: "from",
              header: text.from,
              align: "right",
              cell: ({ from }) => (typeof from === "number" ? <Count value={from} /> : text.never),
            },
            {
              key: "to",
              header: text.to,
              align: "right",
              cell: ({ to }) => (to === undefined ? words.unknown : <Count value={to} />),
            },
          ]}
        />
      )}
    </div>
  );
}
