import { type FormEvent, useState } from "react";
import { api, invalidate, type Schemas } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { uuidIn } from "@/lib/ids";
import { Button, Dialog, Field, Input, Problem, RadioCards, Select, Textarea, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { isName } from "./names";
import { told } from "./told";
import { useAction } from "./use-action";
import { words } from "./words";

const text = words.holds;
const OTHER = "other";
const REASON_CHARS_MAX = 1024;

interface Props {
  /** Those that are registered; any other can be held by its id. */
  systems: readonly Schemas["AiSystem"][];
  onClose(): void;
}

export function PlaceHoldDialog({ systems, onClose }: Props) {
  const [covers, setCovers] = useState<"everything" | "one">("everything");
  const [system, setSystem] = useState(systems[0]?.ai_id ?? OTHER);
  const [typedId, setTypedId] = useState("");
  const [name, setName] = useState("");
  const [reason, setReason] = useState("");
  const [wasSent, setWasSent] = useState(false);
  const { isBusy, error, run } = useAction();

  const aiId = system === OTHER ? uuidIn(typedId) : system;
  const isIdWrong = covers === "one" && aiId === undefined;
  const isNameWrong = name.trim() !== "" && !isName(name.trim());
  const isReasonMissing = reason.trim() === "";
  const faults = formFaults(error, ["ai_id", "name", "reason"]);

  const wrongs = told({
    ai_id: wasSent && isIdWrong ? text.aiIdWrong : faults.at["ai_id"],
    reason: wasSent && isReasonMissing ? text.reasonMissing : faults.at["reason"],
    name: wasSent && isNameWrong ? text.nameWrong : faults.at["name"],
  });
  const form = useFirstFault(wrongs);

  async function place(event: FormEvent) {
    event.preventDefault();
    setWasSent(true);
    if (isIdWrong || isNameWrong || isReasonMissing) return;
    await run(async () => {
      const body = {
        reason: reason.trim(),
        ...(name.trim() === "" ? {} : { name: name.trim() }),
        ...(covers === "one" ? { ai_id: aiId } : {}),
      };
      await api.POST("/api/v1/legal-holds", { body });
      toast.good(text.placed);
      onClose();
      await Promise.all([invalidate("/api/v1/legal-holds"), invalidate("/api/v1/retention")]);
    });
  }

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!isBusy}
      title={text.placeTitle}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {words.cancel}
          </Button>
          <Button variant="primary" type="submit" form="place-hold" busy={isBusy}>
            {text.place}
          </Button>
        </>
      }
    >
      <form ref={form} id="place-hold" onSubmit={place} noValidate className="flex flex-col gap-4">
        <RadioCards
          label={text.covers}
          value={covers}
          onChange={(value) => setCovers(value === "one" ? "one" : "everything")}
          options={[
            { value: "everything", label: text.coversEverything, hint: text.coversEverythingHint },
            { value: "one", label: text.coversOne, hint: text.coversOneHint },
          ]}
        />
        {covers === "one" && (
          <Field label={text.aiSystem}>
            <Select
              label={text.aiSystem}
              value={system}
              onChange={setSystem}
              options={[
                ...systems.map(({ ai_id, name: label }) => ({ value: ai_id, label, hint: ai_id })),
                { value: OTHER, label: text.otherId },
              ]}
            />
          </Field>
        )}
        {covers === "one" && system === OTHER && (
          <Field label={text.aiId} hint={text.aiIdHint} error={wrongs["ai_id"]}>
            <Input
              value={typedId}
              onChange={(event) => setTypedId(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
          </Field>
        )}
        <Field label={text.reason} hint={text.reasonHint} error={wrongs["reason"]}>
          <Textarea
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={REASON_CHARS_MAX}
            rows={3}
            dir="auto"
          />
        </Field>
        <Field label={text.name} hint={text.nameHint} optional error={wrongs["name"]}>
          <Input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        </Field>
        {faults.rest !== undefined && <Problem error={faults.rest} />}
      </form>
    </Dialog>
  );
}
