import { type FormEvent, useState } from "react";
import { api, invalidate, type Schemas } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Button, Field, Input, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { isName } from "./names";
import { told } from "./told";
import { useAction } from "./use-action";
import { words } from "./words";

const text = words.organisation;

export function RenameForm({ organisation }: { organisation: Schemas["OrganisationSettings"] }) {
  const [name, setName] = useState(organisation.name);
  const [wrong, setWrong] = useState<string>();
  const { isBusy, error, run } = useAction();
  const faults = formFaults(error, ["name"], { already_exists: { field: "name", text: text.nameTaken } });

  const wrongs = told({ name: wrong ?? faults.at["name"] });
  const form = useFirstFault(wrongs);

  async function rename(event: FormEvent) {
    event.preventDefault();
    const wanted = name.trim();
    setWrong(wanted === "" ? text.nameMissing : isName(wanted) ? undefined : text.nameWrong);
    if (!isName(wanted)) return;
    await run(async () => {
      await api.PATCH("/api/v1/organisation", { body: { name: wanted } });
      toast.good(text.renamed);
      await Promise.all([invalidate("/api/v1/organisation"), invalidate("/me")]);
    });
  }

  return (
    <form ref={form} onSubmit={rename} noValidate className="flex flex-col gap-3">
      <Field label={text.name} hint={text.nameHint} error={wrongs["name"]}>
        <Input
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="organization"
          className="max-w-96"
        />
      </Field>
      {faults.rest !== undefined && <Problem error={faults.rest} />}
      <Button
        type="submit"
        variant="primary"
        busy={isBusy}
        disabled={name.trim() === organisation.name}
        className="self-start"
      >
        {text.rename}
      </Button>
    </form>
  );
}
