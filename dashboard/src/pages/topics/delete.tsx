/** A topic is deleted with its messages: its name has to be typed. */
import { api, invalidate, queryClient } from "@/api";
import { ConfirmDialog, toast } from "@/ui";
import { words } from "./words";

interface Props {
  name: string;
  /** Messages in it now, where that is known. */
  messages?: number;
  open: boolean;
  onClose(): void;
  /** Where one goes then; what was known of the topic is forgotten once one is there. */
  onDeleted?(): Promise<void>;
}

export function DeleteTopic({ name, messages, open, onClose, onDeleted }: Props) {
  const { remove } = words;
  async function confirm() {
    const params = { path: { name }, query: { confirm: name } };
    await api.DELETE("/api/v1/topics/{name}", { params });
    toast.good(remove.done(name));
    // Nobody shows it any more when it is forgotten: who did would ask for it again.
    await onDeleted?.();
    await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === "/api/v1/topics" });
    queryClient.removeQueries({ predicate: ({ queryKey }) => isAbout(queryKey, name) });
    void invalidate("/api/v1/metrics/top-topics");
  }
  return (
    <ConfirmDialog
      danger
      open={open}
      onClose={onClose}
      title={remove.title(name)}
      body={
        <>
          {remove.body} {messages !== undefined && remove.amount(messages)}
        </>
      }
      action={remove.action}
      typeToConfirm={name}
      onConfirm={confirm}
    />
  );
}

function isAbout([, path, init]: readonly unknown[], name: string): boolean {
  if (typeof path !== "string" || !path.startsWith("/api/v1/topics/{name}")) return false;
  const params = (init as { params?: { path?: { name?: string } } } | undefined)?.params;
  return params?.path?.name === name;
}
