import { type FormEvent, useState } from "react";
import { api, invalidate, type Schemas } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Dialog, Field, Problem, Textarea, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { told } from "./told";
import { useAction } from "./use-action";
import { words } from "./words";

const text = words.holds;
const REASON_CHARS_MAX = 1024;

/** The end of a hold, with its reason: what it alone kept is dropped then, so it asks. */
export function ReleaseDialog({ hold, onClose }: { hold: Schemas["LegalHold"]; onClose(): void }) {
  const [reason, setReason] = useState("");
  const [wasSent, setWasSent] = useState(false);
  const { isBusy, error, run } = useAction();
  const isMissing = reason.trim() === "";
  const faults = formFaults(error, ["reason"]);

  const wrongs = told({ reason: wasSent && isMissing ? text.reasonMissing : faults.at["reason"] });
  const form = useFirstFault(wrongs);

  async function release(event: FormEvent) {
    event.preventDefault();
    setWasSent(true);
    if (isMissing) return;
    await run(async () => {
      await api.POST("/api/v1/legal-holds/{id}/release", {
        params: { path: { id: hold.id } },
        body: { reason: reason.trim() },
      });
      toast.good(text.releasedToast);
      onClose();
      await Promise.all([invalidate("/api/v1/legal-holds"), invalidate("/api/v1/retention")]);
    });
  }

  return (
    <Dialog
      open
      onClose={onClose}
      dismissible={!isBusy}
      title={text.releaseTitle}
      description={text.releaseHelp}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {words.cancel}
          </Button>
          <Button variant="danger" type="submit" form="release-hold" busy={isBusy}>
            {text.releaseAction}
          </Button>
        </>
      }
    >
      <form ref={form} id="release-hold" onSubmit={release} noValidate className="flex flex-col gap-3">
        <Field label={text.reason} hint={text.reasonHint} error={wrongs["reason"]}>
          <Textarea
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={REASON_CHARS_MAX}
            rows={3}
            dir="auto"
          />
        </Field>
        {faults.rest !== undefined && <Problem error={faults.rest} />}
      </form>
    </Dialog>
  );
}
