import { type ReactNode, useId } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { Copy } from "./copy";
import { Dialog } from "./dialog";
import { words } from "./words";

export interface SecretDialogProps {
  open: boolean;
  title: string;
  secrets: readonly { label: string; value: string }[];
  /** What to know of it, instead of the sentence that it is shown this once. */
  note?: ReactNode;
  /** More below the secrets, such as how to use them. */
  children?: ReactNode;
  onDone(): void;
}

/** What is shown once. Neither a stray press nor Esc closes it: only "I have saved it". */
export function SecretDialog({ open, title, secrets, note, children, onDone }: SecretDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onDone}
      dismissible={false}
      title={title}
      footer={
        <Button variant="primary" onClick={onDone}>
          {words.secretSaved}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="warn">{note ?? words.secretOnce}</Callout>
        {secrets.map((secret) => (
          <Secret key={secret.label} {...secret} />
        ))}
        {children}
      </div>
    </Dialog>
  );
}

function Secret({ label, value }: { label: string; value: string }) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <p id={id} className="mb-1.5 font-medium text-13">
        {label}
      </p>
      <div className="flex items-center gap-2 rounded-8 border bg-raised p-1.5 ps-3">
        <code dir="ltr" className="min-w-0 flex-1 select-all break-all text-12">
          {value}
        </code>
        <Copy value={value} />
      </div>
    </div>
  );
}
