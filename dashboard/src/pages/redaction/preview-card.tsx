/** A sample, what would be recorded of it, and each thing that was hidden. Asked for as one types. */
import { useId, useState } from "react";
import { type ApiProblem, isProblem, type Schemas } from "@/api";
import { Button, Callout, Card, Delayed, Field, Problem, Segmented, Skeleton, Textarea } from "@/ui";
import { Findings } from "./findings";
import { Marked } from "./marked";
import { NewestEvent } from "./newest-event";
import { example, isSampleKind, read, SAMPLE_KINDS, type SampleKind } from "./sample";
import { usePreview } from "./use-preview";
import { words } from "./words";

/** The settings to try; absent: those that hold. */
export function PreviewCard({ settings }: { settings: Schemas["RedactionSettings"] | undefined }) {
  const [kind, setKind] = useState<SampleKind>("text");
  const [sample, setSample] = useState("");
  const given = read(kind, sample);
  const preview = usePreview("body" in given ? { ...given.body, ...(settings && { settings }) } : undefined);

  return (
    <Card title={words.previewTitle} padded>
      <div className="grid gap-3">
        <p className="text-muted">{words.previewHelp}</p>
        <Segmented
          label={words.sampleKind}
          value={kind}
          onChange={(value) => isSampleKind(value) && setKind(value)}
          options={SAMPLE_KINDS.map((value) => ({ value, label: words.sampleKinds[value] }))}
          className="justify-self-start"
        />
        <Field
          label={words.sample}
          hint={words.sampleHints[kind]}
          error={"error" in given ? given.error : undefined}
        >
          <Textarea
            value={sample}
            onChange={(event) => setSample(event.target.value)}
            rows={8}
            dir="auto"
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-12"
          />
        </Field>
        <div className="flex flex-wrap items-center gap-1">
          <Button size="sm" variant="ghost" onClick={() => setSample(example(kind))}>
            {words.example}
          </Button>
          <NewestEvent
            onEvent={(event) => {
              setKind("event");
              setSample(JSON.stringify(event, null, 2));
            }}
          />
          {sample !== "" && (
            <Button size="sm" variant="ghost" onClick={() => setSample("")}>
              {words.clear}
            </Button>
          )}
        </div>
        <Result isAsked={"body" in given} preview={preview} isTried={settings !== undefined} />
      </div>
    </Card>
  );
}

interface ResultProps {
  isAsked: boolean;
  preview: ReturnType<typeof usePreview>;
  isTried: boolean;
}

function Result({ isAsked, preview, isTried }: ResultProps) {
  const id = useId();
  const { data, error, isBehind } = preview;
  if (!isAsked) return <p className="text-faint">{words.resultEmpty}</p>;
  if (error !== null && !isBehind) return <Refused error={error} />;
  if (data === undefined)
    return (
      <Delayed isQuiet>
        <Skeleton className="h-32 w-full" />
      </Delayed>
    );
  const count = data.findings.length;
  return (
    <div className="grid gap-2" aria-busy={isBehind}>
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="font-semibold text-13">{words.result}</h3>
        <p className="text-12 text-muted" aria-live="polite">
          {isBehind ? words.updating : words.updated(count)}
        </p>
      </div>
      <Marked preview={data} numberedAs={id} />
      {count > 0 && <Findings preview={data} markedAs={id} />}
      {data.is_more && <Callout tone="info">{words.isMore}</Callout>}
      <p className="text-12 text-faint">
        {words.rulesUsed(data.redaction_rules)}
        {isTried && `, ${words.triedRules}`}
      </p>
    </div>
  );
}

/** A rule that is none, or anything else that went wrong. */
function Refused({ error }: { error: Error }) {
  if (!isProblem(error) || error.faults.length === 0) return <Problem error={error} />;
  return (
    <Callout tone="bad" title={words.settingsWrong}>
      <ul className="list-disc ps-4">
        {faultsOf(error).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Callout>
  );
}

function faultsOf(problem: ApiProblem): string[] {
  return problem.faults.map(({ pointer, detail }) => `${pointer} ${detail}`);
}
