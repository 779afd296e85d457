/** `?invite=1`: invites a person by e-mail. */
import { type FormEvent, useId, useState } from "react";
import { $api, invalidate, isProblem, useSession } from "@/api";
import { formFaults } from "@/lib/form-faults";
import type { RoleName } from "@/lib/roles";
import { Button, Callout, Code, Dialog, Field, Input, Problem, toast } from "@/ui";
import { useFirstFault } from "@/ui/use-first-fault";
import { RolePicker } from "./role-picker";
import { isAddress } from "./rules";
import { words } from "./words";

const IS_MEMBER = { already_exists: { field: "email", text: words.inviting.isMember } };

export function Invite({ onClose, onSent }: { onClose(): void; onSent(): void }) {
  const formId = useId();
  const { role: own, organisation } = useSession();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<RoleName>("member");
  const [missing, setMissing] = useState(false);
  const invitation = $api.useMutation("post", "/users");
  const refused = formFaults(invitation.error, ["email", "role"], IS_MEMBER);
  const faults = missing ? { email: words.inviting.emailMissing } : refused.at;
  const form = useFirstFault(faults);
  const lacksMail = isProblem(invitation.error, "email_unavailable");

  function change(next: string): void {
    setEmail(next);
    setMissing(false);
    invitation.reset();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (invitation.isPending) return;
    setMissing(!isAddress(email));
    if (!isAddress(email)) return;
    const sent = await invitation.mutateAsync({ body: { email: email.trim(), role } }).catch(() => undefined);
    if (sent === undefined) return;
    void invalidate("/api/v1/invitations");
    toast.good(words.inviting.sent(sent.email));
    onSent();
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.inviting.title}
      description={words.inviting.body}
      dismissible={!invitation.isPending}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={invitation.isPending}>
            {words.inviting.send}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        id={formId}
        onSubmit={(event) => void submit(event)}
        noValidate
        className="flex flex-col gap-5"
      >
        <Field label={words.inviting.email} error={faults["email"]}>
          <Input
            type="email"
            value={email}
            onChange={(event) => change(event.target.value)}
            placeholder={words.inviting.placeholder}
            maxLength={254}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
        <RolePicker label={words.inviting.role} giver={own} value={role} onChange={setRole} />
        {lacksMail ? (
          <Callout tone="warn" title={words.inviting.noMail.title}>
            <p className="mb-2">{words.inviting.noMail.body}</p>
            <Code language="sh" copy wrap>
              {words.inviting.noMail.command(email.trim(), organisation.name, role)}
            </Code>
          </Callout>
        ) : (
          refused.rest !== undefined && <Problem error={refused.rest} compact />
        )}
      </form>
    </Dialog>
  );
}
