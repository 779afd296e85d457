import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Input } from "./input";
import { Problem } from "./problem";
import { words } from "./words";

export interface ConfirmDialogProps {
  open: boolean;
  onClose(): void;
  title: string;
  body: ReactNode;
  /** The verb of what is confirmed, such as "Revoke". */
  action: string;
  /** Does it. The dialog closes when it is done, and shows what went wrong when it is not. */
  onConfirm(): Promise<unknown> | unknown;
  /** The name that has to be typed, for what can't be undone. */
  typeToConfirm?: string;
  danger?: boolean;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onClose, title, body, action, onConfirm, typeToConfirm, danger = false } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [typed, setTyped] = useState("");
  const form = useId();
  const nameField = useRef<HTMLInputElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const isTyped = typeToConfirm === undefined || typed.trim() === typeToConfirm.trim();
  const hasError = error !== undefined;

  // Each time it opens it begins anew: what was typed for one thing confirms no other.
  useEffect(() => {
    if (!open) return;
    setTyped("");
    setError(undefined);
  }, [open]);

  async function confirm(event: FormEvent) {
    event.preventDefault();
    if (!isTyped || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown ?? new Error());
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      alert
      size="sm"
      open={open}
      onClose={onClose}
      dismissible={!isBusy}
      title={title}
      description={body}
      initialFocus={typeToConfirm === undefined ? cancel : nameField}
      footer={
        <form id={form} onSubmit={confirm} className="contents">
          <Button ref={cancel} onClick={onClose} disabled={isBusy}>
            {words.cancel}
          </Button>
          <Button type="submit" variant={danger ? "danger" : "primary"} busy={isBusy} disabled={!isTyped}>
            {action}
          </Button>
        </form>
      }
    >
      {(typeToConfirm !== undefined || hasError) && (
        <div className="flex flex-col gap-4">
          {typeToConfirm !== undefined && (
            <label htmlFor={`${form}-name`} className="flex flex-col gap-1.5">
              <span>
                {words.type}{" "}
                <strong className="select-all break-all font-mono font-semibold text-12">
                  {typeToConfirm}
                </strong>{" "}
                {words.typeToConfirm}
              </span>
              <Input
                id={`${form}-name`}
                ref={nameField}
                form={form}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
            </label>
          )}
          {hasError && <Problem error={error} compact />}
        </div>
      )}
    </Dialog>
  );
}
