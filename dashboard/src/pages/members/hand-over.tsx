/** `?transfer=ID`: makes another member the owner. */
import { useState } from "react";
import { $api, invalidate, useSession } from "@/api";
import { visible } from "@/lib/text";
import { ConfirmDialog, Dialog, Select, toast } from "@/ui";
import type { Member } from "./rules";
import { words } from "./words";

interface Props {
  /** Who could get it. */
  others: readonly Member[];
  chosen: string;
  onClose(): void;
}

export function HandOver({ others, chosen, onClose }: Props) {
  const { organisation } = useSession();
  const [to, setTo] = useState(chosen);
  const transfer = $api.useMutation("post", "/api/v1/organisation/transfer");
  const heir = others.find((member) => member.id === to) ?? others[0];

  if (heir === undefined) {
    return (
      <Dialog open onClose={onClose} title={words.transferring.title} size="sm">
        <p className="text-muted">{words.transferring.nobody}</p>
      </Dialog>
    );
  }

  async function handOver(): Promise<void> {
    if (heir === undefined) return;
    await transfer.mutateAsync({ body: { user_id: heir.id } });
    void invalidate("/users");
    void invalidate("/me");
    toast.good(words.transferring.done(heir.name));
  }

  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.transferring.title}
      body={
        <div className="flex flex-col gap-4">
          <p>{words.transferring.body}</p>
          <div className="flex flex-col gap-1.5">
            <span className="font-medium text-13 text-ink">{words.transferring.to}</span>
            <Select
              label={words.transferring.to}
              value={heir.id}
              onChange={setTo}
              options={others.map((member) => ({
                value: member.id,
                label: visible(member.name),
                hint: `${visible(member.email)}, ${words.role(member.role)}`,
              }))}
            />
          </div>
        </div>
      }
      action={words.transferring.action}
      typeToConfirm={organisation.name}
      danger
      onConfirm={handOver}
    />
  );
}
