/** A message by hand, to see that a topic and its readers work. */

import { Send } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { invalidate, isProblem } from "@/api";
import { formFaults } from "@/lib/form-faults";
import {
  Button,
  Callout,
  Code,
  DataList,
  Dialog,
  Field,
  Input,
  Mono,
  PasswordInput,
  Problem,
  Textarea,
} from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import {
  bodyOf,
  curlOf,
  type Published,
  publish,
  type TestDraft,
  type TestFaults,
  testFaults,
} from "./publish";
import type { TopicDescribed } from "./use-topics";
import { words } from "./words";

const { test: text } = words;

/** What is about the API key, and would be taken for the session's elsewhere. */
const KEY_CODES = {
  invalid_api_key: { field: "apiKey", text: text.apiKeyUnknown },
  missing_scope: { field: "apiKey", text: text.apiKeyScope },
  address_not_allowed: { field: "apiKey", text: text.apiKeyAddress },
};

interface Props {
  topic: TopicDescribed;
  onClose(): void;
  onShow(partition: number, offset: number): void;
}

/** The key is held while the dialog is open, and nowhere else. */
export function TestMessage({ topic, onClose, onShow }: Props) {
  const id = useId();
  const [draft, setDraft] = useState<TestDraft>({ message: '{\n  "test": true\n}', key: "", apiKey: "" });
  const [faults, setFaults] = useState<TestFaults>({});
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [published, setPublished] = useState<Published>();
  // One for each message, so that a request whose answer was lost is not published twice.
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const refused = formFaults(error, ["key"], KEY_CODES);
  const shown: TestFaults = { ...refused.at, ...faults };
  const form = useFirstFault(shown);

  function change(part: Partial<TestDraft>) {
    setDraft((before) => ({ ...before, ...part }));
    setFaults({});
    setError(undefined);
    // Another message.
    if (part.apiKey === undefined) setIdempotencyKey(crypto.randomUUID());
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const found = testFaults(draft, topic.compacted);
    setFaults(found);
    if (isBusy || Object.keys(found).length > 0) return;
    setBusy(true);
    setError(undefined);
    try {
      setPublished(await publish(bodyOf(topic.name, draft), draft.apiKey, idempotencyKey));
      void invalidate("/api/v1/topics");
      void invalidate("/events/read");
    } catch (thrown) {
      setError(thrown);
      // What was refused is tried again as another; of what is unknown it is the same.
      if (!isProblem(thrown, "unreachable", "outcome_unknown")) setIdempotencyKey(crypto.randomUUID());
    } finally {
      setBusy(false);
    }
  }

  function again() {
    setPublished(undefined);
    setIdempotencyKey(crypto.randomUUID());
  }

  const { partition, offset } = published ?? {};
  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!isBusy}
      size="lg"
      title={text.title}
      description={text.to(topic.name)}
      footer={
        published ? (
          <>
            <Button onClick={again}>{text.again}</Button>
            {partition !== undefined && offset !== undefined && (
              <Button onClick={() => onShow(partition, offset)}>{text.show}</Button>
            )}
            <Button variant="primary" onClick={onClose}>
              {text.close}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{words.form.cancel}</Button>
            <Button variant="primary" type="submit" form={id} icon={Send} busy={isBusy}>
              {text.send}
            </Button>
          </>
        )
      }
    >
      {published ? (
        <Result published={published} />
      ) : (
        <form ref={form} id={id} noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field label={text.message} hint={text.messageHint} error={shown.message}>
            <Textarea
              rows={7}
              spellCheck={false}
              value={draft.message}
              onChange={(event) => change({ message: event.target.value })}
              className="font-mono text-12"
            />
          </Field>
          <Field
            label={text.key}
            optional={!topic.compacted}
            hint={topic.compacted ? text.keyNeeded : text.keyHint}
            error={shown.key}
          >
            <Input
              autoComplete="off"
              value={draft.key}
              onChange={(event) => change({ key: event.target.value })}
              className="font-mono"
            />
          </Field>
          <Field label={text.apiKey} hint={`${text.apiKeyWhy} ${text.apiKeyHint}`} error={shown.apiKey}>
            <PasswordInput
              autoComplete="off"
              value={draft.apiKey}
              onChange={(event) => change({ apiKey: event.target.value })}
              className="font-mono"
            />
          </Field>
          {refused.rest !== undefined && <Problem compact error={refused.rest} />}
          <details className="text-13">
            <summary className="w-fit text-muted hover:text-ink">{text.sameAs}</summary>
            <div className="mt-2">
              <Code language="sh" copy wrap>
                {curlOf(location.origin, bodyOf(topic.name, draft))}
              </Code>
            </div>
          </details>
        </form>
      )}
    </Dialog>
  );
}

function Result({ published }: { published: Published }) {
  const { partition, offset } = published;
  return (
    <div className="flex flex-col gap-4" role="status">
      <Callout tone="good" title={text.accepted}>
        {partition === undefined && text.spooled}
      </Callout>
      <DataList
        items={[
          { label: text.id, value: <Mono copy>{published.message_id}</Mono> },
          ...(partition === undefined ? [] : [{ label: text.partition, value: partition }]),
          ...(offset === undefined ? [] : [{ label: text.offset, value: offset }]),
        ]}
      />
    </div>
  );
}
