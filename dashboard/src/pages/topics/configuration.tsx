/** What of a topic can be changed; only what has changed is sent. */
import { type FormEvent, useState } from "react";
import { $api, invalidate, useSession } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Callout, Card, Checkbox, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { PartitionsField, RetentionField, SchemaField } from "./fields";
import { changesOf, type Draft, type DraftFaults, draftFaults, draftOf, isChanged } from "./form";
import type { Topic, TopicDescribed } from "./use-topics";
import { words } from "./words";

interface Props {
  topic: TopicDescribed;
  onDelete(): void;
}

export function Configuration({ topic, onDelete }: Props) {
  const { can } = useSession();
  if (topic.reserved) return <Callout tone="info">{words.reservedConfiguration}</Callout>;
  const mayManage = can("topics:manage");
  return (
    <div className="flex max-w-160 flex-col gap-3">
      {!mayManage && <Callout tone="info">{words.mayNot}</Callout>}
      <Form topic={topic} mayManage={mayManage} />
      {mayManage && (
        <Card title={words.remove.heading}>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="min-w-0 flex-1 basis-60 text-13 text-muted">{words.remove.body}</p>
            <Button variant="danger" onClick={onDelete}>
              {words.remove.action}
            </Button>
          </div>
        </Card>
      )}
    </div>
  );
}

function Form({ topic, mayManage }: { topic: TopicDescribed; mayManage: boolean }) {
  const { form } = words;
  // What the draft began with: somebody else's change is not undone by what was left as it was.
  const [base, setBase] = useState<Topic>(topic);
  const [draft, setDraft] = useState<Draft>(() => draftOf(topic));
  const [faults, setFaults] = useState<DraftFaults>({});
  const patch = $api.useMutation("patch", "/api/v1/topics/{name}");
  const refused = formFaults(patch.error, ["partitions", "retention_days"]);
  const hasChanged = isChanged(draft, base);
  if (!hasChanged && isNewer(topic, base)) begin(topic);

  function begin(kept: Topic) {
    setBase(kept);
    setDraft(draftOf(kept));
  }

  function change(part: Partial<Draft>) {
    setDraft((before) => ({ ...before, ...part }));
    setFaults({});
    patch.reset();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const found = draftFaults(draft, base);
    setFaults(found);
    if (!hasChanged || Object.keys(found).length > 0) return;
    const params = { path: { name: topic.name } };
    const changed = await patch.mutateAsync({ params, body: changesOf(draft, base) }).catch(() => undefined);
    if (changed === undefined) return;
    begin(changed);
    toast.good(form.saved);
    void invalidate("/api/v1/topics");
  }

  const shown: DraftFaults = { ...refused.at, ...faults };
  const wrong = useFirstFault(shown);
  const fields = { draft, faults: shown, onChange: change };
  return (
    <Card>
      <form ref={wrong} noValidate onSubmit={submit}>
        <fieldset disabled={!mayManage} className="flex min-w-0 flex-col gap-5">
          <PartitionsField {...fields} now={base.partitions} />
          <RetentionField {...fields} />
          {base.compacted && (
            <Checkbox
              label={form.compacted}
              hint={form.compactedHint}
              checked={draft.compacted}
              onChange={(compacted) => change({ compacted })}
            />
          )}
          <SchemaField {...fields} />
          {refused.rest !== undefined && <Problem compact error={refused.rest} />}
          {mayManage && (
            <div className="flex flex-wrap items-center gap-2">
              <Button variant="primary" type="submit" busy={patch.isPending} disabled={!hasChanged}>
                {form.save}
              </Button>
              {hasChanged ? (
                <Button variant="ghost" onClick={() => change(draftOf(base))}>
                  {form.discard}
                </Button>
              ) : (
                <span className="text-12 text-muted">{form.unchanged}</span>
              )}
            </div>
          )}
        </fieldset>
      </form>
    </Card>
  );
}

function isNewer(topic: Topic, than: Topic): boolean {
  return Date.parse(topic.updated_at ?? "") > Date.parse(than.updated_at ?? "");
}
