import { type FormEvent, useState } from "react";
import { api, queryClient } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Dialog, Field, Input, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { isName } from "./names";
import { told } from "./told";
import { useAction } from "./use-action";
import { words } from "./words";

const text = words.organisation;

/** Makes an organisation and puts it to use; from then on every page is about the new one. */
export function NewOrganisationDialog({ onClose }: { onClose(): void }) {
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<string>();
  const { isBusy, error, run } = useAction();
  const faults = formFaults(error, ["name"], { already_exists: { field: "name", text: text.nameTaken } });

  const wrongs = told({ name: wrong ?? faults.at["name"] });
  const form = useFirstFault(wrongs);

  async function create(event: FormEvent) {
    event.preventDefault();
    const wanted = name.trim();
    setWrong(wanted === "" ? text.nameMissing : isName(wanted) ? undefined : text.nameWrong);
    if (!isName(wanted)) return;
    await run(async () => {
      const { data } = await api.POST("/api/v1/organisations", { body: { name: wanted } });
      await use(data?.id);
      onClose();
    });
  }

  return (
    <Dialog
      open
      onClose={onClose}
      size="sm"
      dismissible={!isBusy}
      title={text.createTitle}
      description={text.anotherHelp}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {words.cancel}
          </Button>
          <Button variant="primary" type="submit" form="new-organisation" busy={isBusy}>
            {text.createAction}
          </Button>
        </>
      }
    >
      <form ref={form} id="new-organisation" onSubmit={create} noValidate className="flex flex-col gap-3">
        <Field label={text.name} hint={text.nameHint} error={wrongs["name"]}>
          <Input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        </Field>
        {faults.rest !== undefined && <Problem error={faults.rest} />}
      </form>
    </Dialog>
  );
}

/** It is made, whatever becomes of this: what fails here is no reason to make it once more. */
async function use(id: string | undefined): Promise<void> {
  try {
    if (id === undefined) return;
    await api.POST("/me/organisation", { body: { org_id: id } });
    toast.good(text.made);
    // All that was asked was of the organisation before.
    await queryClient.resetQueries();
  } catch (error) {
    toast.bad(text.madeNotUsed, error instanceof Error ? error.message : undefined);
  }
}
