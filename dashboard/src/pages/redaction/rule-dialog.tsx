/** A rule that is added or edited, tried while it is written: the gateway alone knows what an expression finds. */
import { type FormEvent, useState } from "react";
import { isProblem } from "@/api";
import { Button, Dialog, Field, Input, Problem, RadioCards, Segmented, Textarea } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { faultsByRule, type Rule, type RuleFaults, ruleFaults, settingsOfRule } from "./draft";
import { KINDS, MODES, type Mode } from "./kinds";
import { Marked } from "./marked";
import { NewestEvent } from "./newest-event";
import { read } from "./sample";
import { type Preview, usePreview } from "./use-preview";
import { words } from "./words";

interface Props {
  /** Absent: a new one. */
  rule: Rule | undefined;
  others: readonly Rule[];
  onApply(rule: Rule): void;
  onClose(): void;
}

/** Every other kind off: what is found then was found by the rule. */
const NOTHING_ELSE = Object.fromEntries(KINDS.map((kind) => [kind, "off"])) as Record<string, Mode>;
const NEVER_LEFT_EMPTY = "_";

export function RuleDialog({ rule, others, onApply, onClose }: Props) {
  const [name, setName] = useState(rule?.name ?? "");
  const [isPointer, setIsPointer] = useState(rule?.pointer !== undefined);
  const [pattern, setPattern] = useState(rule?.pattern ?? "");
  const [pointer, setPointer] = useState(rule?.pointer ?? "");
  const [mode, setMode] = useState<Mode>(rule?.mode ?? "mask");
  const [sample, setSample] = useState("");
  const [wasSent, setWasSent] = useState(false);

  const made: Rule = isPointer ? { name, pointer, mode } : { name, pattern, mode };
  const own = ruleFaults(made, others);
  const tried = useTried(made, sample);
  const faults: RuleFaults = { ...tried.faults, ...(wasSent ? own : shownEarly(own)) };

  const form = useFirstFault(wasSent ? { ...faults } : {});

  function apply(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    setWasSent(true);
    if (Object.keys(own).length > 0 || Object.keys(tried.faults).length > 0) return;
    onApply(made);
    onClose();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      title={rule === undefined ? words.newRule : words.editRuleTitle(rule.name)}
      description={words.applyHint}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button variant="primary" type="submit" form="redaction-rule">
            {words.apply}
          </Button>
        </>
      }
    >
      <form ref={form} id="redaction-rule" onSubmit={apply} noValidate className="grid gap-4">
        <Field
          label={words.name}
          hint={
            rule !== undefined && rule.mode === "pseudonym" && name !== rule.name
              ? words.renamed
              : words.nameHint
          }
          error={faults.name}
        >
          <Input
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            className="font-mono"
          />
        </Field>
        <div className="flex flex-col gap-1.5">
          <span aria-hidden="true" className="font-medium">
            {words.find}
          </span>
          <Segmented
            label={words.find}
            value={isPointer ? "pointer" : "pattern"}
            onChange={(value) => setIsPointer(value === "pointer")}
            options={[
              { value: "pattern", label: words.findPattern },
              { value: "pointer", label: words.findPointer },
            ]}
            className="self-start"
          />
        </div>
        {isPointer ? (
          <Field label={words.pointer} hint={words.pointerHint} error={faults.pointer}>
            <Input
              value={pointer}
              onChange={(event) => setPointer(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              placeholder="/metadata/user_id"
              className="font-mono"
            />
          </Field>
        ) : (
          <Field label={words.pattern} hint={words.patternHint} error={faults.pattern}>
            <Input
              value={pattern}
              onChange={(event) => setPattern(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              placeholder="EMP-[0-9]{6}"
              className="font-mono"
            />
          </Field>
        )}
        <RadioCards
          label={words.mode}
          value={mode}
          onChange={(value) => setMode(value as Mode)}
          options={MODES.map((value) => ({ value, ...words.modes[value] }))}
        />
        <div className="grid gap-2 border-line border-t pt-4">
          <Field
            label={isPointer ? words.tryPointer : words.tryIt}
            hint={words.tryHint}
            error={tried.sampleError}
          >
            <Textarea
              value={sample}
              onChange={(event) => setSample(event.target.value)}
              rows={isPointer ? 8 : 3}
              spellCheck={false}
              dir="auto"
              className="font-mono text-12"
            />
          </Field>
          <NewestEvent onEvent={(event) => setSample(JSON.stringify(event, null, 2))} />
          {tried.problem !== undefined && <Problem error={tried.problem} />}
          {tried.preview !== undefined && (
            <>
              <p className="text-12 text-muted" aria-live="polite">
                {words.found(tried.preview.findings.length)}
              </p>
              <Marked preview={tried.preview} />
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}

interface Tried {
  preview?: Preview;
  /** What the gateway says of the rule itself. */
  faults: RuleFaults;
  sampleError?: string;
  problem?: unknown;
}

/** The rule alone, on the sample; without a sample on a text in which nothing is, to hear whether it is a rule at all. */
function useTried(rule: Rule, sample: string): Tried {
  const isWritten = Boolean(rule.pointer ?? rule.pattern);
  const given = read(rule.pointer === undefined ? "text" : "event", sample);
  const body = "body" in given ? given.body : { text: NEVER_LEFT_EMPTY };
  const named = {
    ...rule,
    name: /^[a-z0-9_]{1,32}$/.test(rule.name) ? rule.name : NEVER_LEFT_EMPTY,
    mode: onMode(rule.mode),
  };
  const settings = { modes: NOTHING_ELSE, rules: [settingsOfRule(named)] };
  const query = usePreview(isWritten ? { ...body, settings } : undefined);
  const sampleError = "error" in given ? given.error : undefined;
  if (!isWritten) return { faults: {}, sampleError };
  const { error } = query;
  if (isProblem(error) && error.faults.length > 0 && !query.isBehind) {
    const faults = faultsByRule(error.faults).get(0);
    return faults === undefined ? { faults: {}, sampleError, problem: error } : { faults, sampleError };
  }
  return {
    faults: {},
    sampleError,
    ...("body" in given && query.data !== undefined ? { preview: query.data } : {}),
    ...(error === null || query.isBehind ? {} : { problem: error }),
  };
}

/** A rule that is off finds nothing, and what it would find is what one wants to see. */
function onMode(mode: Mode): Mode {
  return mode === "off" ? "mask" : mode;
}

/** Nobody is told that a field is empty before they had the chance to fill it. */
function shownEarly({ name, ...rest }: RuleFaults): RuleFaults {
  const early: RuleFaults = {};
  if (name !== undefined && name !== words.nameMissing) early.name = name;
  if (rest.pattern === words.tooLong) early.pattern = rest.pattern;
  if (rest.pointer === words.tooLong) early.pointer = rest.pointer;
  return early;
}
