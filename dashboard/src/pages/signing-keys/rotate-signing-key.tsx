/** `?rotate=NAME`: the next version of a signing key, and how long the older ones verify. */
import { useState } from "react";
import { $api, invalidate, type Schemas } from "@/api";
import { Button, Callout, Dialog, Problem, RadioCards } from "@/ui";
import { isFull, olderVerifying, type SigningKey, VERIFYING_MAX } from "./rules";
import { words } from "./words";

const SPANS = Object.entries(words.rotating.options).map(([value, texts]) => ({ value, ...texts }));
const ONE_DAY = "86400";

interface Props {
  of: SigningKey;
  onClose(): void;
  onRotated(key: Schemas["SigningKeyWithSecret"]): void;
}

export function RotateSigningKey({ of, onClose, onRotated }: Props) {
  const [span, setSpan] = useState(ONE_DAY);
  const rotation = $api.useMutation("post", "/api/v1/signing-keys/{key_id}/rotate");
  const now = new Date();

  async function rotate(): Promise<void> {
    const params = { path: { key_id: of.key_id } };
    const body = { verify_for_seconds: Number(span) };
    const rotated = await rotation.mutateAsync({ params, body }).catch(() => undefined);
    if (rotated === undefined) return;
    void invalidate("/api/v1/signing-keys");
    onRotated(rotated);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.rotating.title(of.key_id)}
      description={words.rotating.body}
      dismissible={!rotation.isPending}
      footer={
        <>
          <Button variant="secondary" onClick={onClose}>
            {words.form.cancel}
          </Button>
          <Button variant="primary" busy={rotation.isPending} onClick={() => void rotate()}>
            {words.rotating.action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <RadioCards label={words.rotating.verify} value={span} onChange={setSpan} options={SPANS} />
        {olderVerifying(of, now).length > 0 && <p className="text-12 text-muted">{words.rotating.sooner}</p>}
        {isFull(of, now) && <Callout tone="warn">{words.rotating.full(VERIFYING_MAX)}</Callout>}
        {rotation.error !== null && <Problem error={rotation.error} compact />}
      </div>
    </Dialog>
  );
}
