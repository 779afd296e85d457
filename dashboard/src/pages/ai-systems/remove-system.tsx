/** `?remove=ID`: takes an AI system out of the register, with its name typed. */
import { useRef } from "react";
import { $api, invalidate } from "@/api";
import { ConfirmDialog, toast } from "@/ui";
import type { AiSystem } from "./rules";
import { words } from "./words";

interface Props {
  of: AiSystem;
  onClose(): void;
  /** Where its page is shown, there is nothing to go back to. */
  onRemoved?(): void;
}

export function RemoveSystem({ of, onClose, onRemoved }: Props) {
  const isDone = useRef(false);
  const removal = $api.useMutation("delete", "/api/v1/ai-systems/{ai_id}");
  const organisation = $api.useQuery("get", "/api/v1/organisation");

  async function remove(): Promise<void> {
    await removal.mutateAsync({ params: { path: { ai_id: of.ai_id } } });
    void invalidate("/api/v1/ai-systems");
    toast.good(words.removing.done(of.name));
    isDone.current = true;
  }

  return (
    <ConfirmDialog
      open
      // It closes itself when it is done; two places to go to at once would be one too many.
      onClose={() => (isDone.current && onRemoved ? onRemoved() : onClose())}
      title={words.removing.title(of.name)}
      body={
        <>
          <p>{words.removing.body}</p>
          {organisation.data?.registered_systems_only && <p className="mt-2">{words.removing.refused}</p>}
        </>
      }
      action={words.removing.action}
      typeToConfirm={of.name}
      danger
      onConfirm={remove}
    />
  );
}
