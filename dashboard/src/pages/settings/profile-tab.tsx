import { type FormEvent, useState } from "react";
import { $api, optimistic, type Schemas, useSession } from "@/api";
import { formFaults } from "@/lib/form-faults";
import { Badge, Button, Card, DataList, Field, Input, Problem, Time, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { PasswordCard } from "./password-card";
import { told } from "./told";
import { words } from "./words";

const text = words.profile;
const NAME_CHARS_MAX = 128;

export function ProfileTab() {
  const { user } = useSession().me;
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <Card title={text.title}>
        <div className="flex flex-col gap-5">
          <NameForm name={user.name} />
          <DataList
            items={[
              {
                label: text.email,
                value: (
                  <span className="inline-flex flex-wrap items-center gap-2">
                    <bdi className="break-all">{user.email}</bdi>
                    {user.email_verified ? (
                      <Badge tone="good">{text.verified}</Badge>
                    ) : (
                      <Badge tone="warn">{text.notVerified}</Badge>
                    )}
                  </span>
                ),
              },
              { label: text.since, value: <Time value={user.created_at} style="date" /> },
            ]}
          />
        </div>
      </Card>
      <PasswordCard />
    </div>
  );
}

/** The frame has the name too: it is another one at once. */
const renaming = optimistic<Schemas["Me"], { body: { name?: string | null } }>("/me", (me, { body }) => ({
  ...me,
  user: { ...me.user, name: body.name ?? me.user.name },
}));

function NameForm({ name: saved }: { name: string }) {
  const [name, setName] = useState(saved);
  const { mutate, error } = $api.useMutation("patch", "/me", renaming);
  const [isMissing, setMissing] = useState(false);
  const faults = formFaults(error, ["name"]);

  const wrongs = told({ name: isMissing ? text.nameMissing : faults.at["name"] });
  const form = useFirstFault(wrongs);

  function save(event: FormEvent) {
    event.preventDefault();
    const wanted = name.trim();
    setMissing(wanted === "");
    if (wanted === "") return;
    mutate({ body: { name: wanted } }, { onSuccess: () => toast.good(text.nameSaved) });
  }

  return (
    <form ref={form} onSubmit={save} noValidate className="flex flex-col gap-3">
      <Field label={text.name} hint={text.nameHint} error={wrongs["name"]}>
        <Input
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="name"
          maxLength={NAME_CHARS_MAX}
          className="max-w-96"
        />
      </Field>
      {faults.rest !== undefined && <Problem error={faults.rest} />}
      <Button type="submit" variant="primary" disabled={name.trim() === saved} className="self-start">
        {words.save}
      </Button>
    </form>
  );
}
