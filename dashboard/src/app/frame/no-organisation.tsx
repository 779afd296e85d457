import { useState } from "react";
import { $api, ApiProblem, queryClient } from "@/api";
import { Button, Field, Input, Page } from "@/ui";
import { words } from "../words";

/** For people whom no organisation has: they make one, or wait to be invited. */
export default function NoOrganisation() {
  const [name, setName] = useState("");
  const create = $api.useMutation("post", "/api/v1/organisations");
  const use = $api.useMutation("post", "/me/organisation");
  async function submit() {
    const made = await create.mutateAsync({ body: { name } });
    await use.mutateAsync({ body: { org_id: made.id } });
    queryClient.clear();
    await queryClient.invalidateQueries();
  }
  const error: unknown = create.error ?? use.error;
  return (
    <main className="mx-auto max-w-[480px]">
      <Page title={words.noOrganisation.title} subtitle={words.noOrganisation.text}>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit().catch(() => undefined);
          }}
        >
          <Field
            label={words.noOrganisation.name}
            error={error instanceof ApiProblem ? error.detail : undefined}
          >
            <Input value={name} required maxLength={64} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Button type="submit" variant="primary" busy={create.isPending || use.isPending}>
            {words.noOrganisation.create}
          </Button>
        </form>
      </Page>
    </main>
  );
}
