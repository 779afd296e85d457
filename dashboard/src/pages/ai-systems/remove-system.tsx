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
  onRemoved?(): Promise<void>;
}

export function RemoveSystem({ of, onClose, onRemoved }: Props) {
  const isDone = useRef(false);
  const removal = $api.useMutation("delete", "/api/v1/ai-systems/{ai_id}");
  const organisation = $api.useQuery("get", "/api/v1/organisation");

  async function remove(): Promise<void> {
    await removal.mutateAsync({ params: { path: { ai_id: of.ai_id } } });
    toast.good(words.removing.done(of.name));
    isDone.current = true;
  }

  // It closes itself when it is done; two places to go to at once would be one too many.
  async function close(): Promise<void> {
    if (!isDone.current) return onClose();
    // A page that still showed it would ask for it again.
    if (onRemoved) await onRemoved();
    else onClose();
    await invalidate("/api/v1/ai-systems");
  }

  return (
    <ConfirmDialog
      open
      onClose={() => void close()}
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
