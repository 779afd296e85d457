/** `?rotate=ID`: a new secret for a key, and how long the old one is good beside it. */
import { useState } from "react";
import { $api, invalidate, type Schemas } from "@/api";
import { validity } from "@/lib/validity";
import { Button, Callout, Dialog, Problem, RadioCards, Time } from "@/ui";
import type { ApiKey } from "./rules";
import { words } from "./words";

const OVERLAPS = Object.entries(words.rotating.options).map(([value, texts]) => ({ value, ...texts }));
const ONE_DAY = "86400";

interface Props {
  of: ApiKey;
  onClose(): void;
  onRotated(key: Schemas["ApiKeyWithSecret"]): void;
}

export function RotateKey({ of, onClose, onRotated }: Props) {
  const [overlap, setOverlap] = useState(ONE_DAY);
  const rotation = $api.useMutation("post", "/api/v1/keys/{id}/rotate");
  const now = new Date();
  const isRotated = validity(of.previous_valid_until, now).kind === "soon";
  const endsSoon = validity(of.expires_at, now).kind === "soon";

  async function rotate(): Promise<void> {
    const rotated = await rotation
      .mutateAsync({ params: { path: { id: of.id } }, body: { overlap_seconds: Number(overlap) } })
      .catch(() => undefined);
    if (rotated === undefined) return;
    void invalidate("/api/v1/keys");
    onRotated(rotated);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.rotating.title(of.name)}
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
        <RadioCards label={words.rotating.overlap} value={overlap} onChange={setOverlap} options={OVERLAPS} />
        {isRotated && of.previous_valid_until && (
          <Callout tone="warn">
            {words.rotating.before}
            <Time value={of.previous_valid_until} style="datetime" />
            {words.rotating.beforeEnds}
          </Callout>
        )}
        {endsSoon && <Callout tone="warn">{words.rotating.expiring}</Callout>}
        {rotation.error !== null && <Problem error={rotation.error} compact />}
      </div>
    </Dialog>
  );
}
