import type { ReactNode } from "react";
import type { Schemas } from "@/api";
import { Button, DataList, Dialog, Foreign, Mono, Time } from "@/ui";
import { Covers } from "./holds-card";
import { words } from "./words";

const { facts, detailsTitle } = words.holds;

interface Props {
  hold: Schemas["LegalHold"];
  names: ReadonlyMap<string, string>;
  onClose(): void;
}

/** All of a hold: reasons have up to a page of text, and a table has no room for them. */
export function HoldDialog({ hold, names, onClose }: Props) {
  const items: { label: string; value: ReactNode }[] = [
    { label: facts.covers, value: <Covers hold={hold} names={names} /> },
    ...(hold.name == null ? [] : [{ label: facts.name, value: <Foreign>{hold.name}</Foreign> }]),
    { label: facts.reason, value: <Lines>{hold.reason}</Lines> },
    { label: facts.placed, value: <Time value={hold.placed_at} style="datetime" /> },
    { label: facts.placedBy, value: <Foreign>{hold.placed_by}</Foreign> },
    { label: facts.id, value: <Mono copy>{hold.id}</Mono> },
  ];
  if (hold.release != null) {
    items.push(
      { label: facts.released, value: <Time value={hold.release.released_at} style="datetime" /> },
      { label: facts.releasedBy, value: <Foreign>{hold.release.released_by}</Foreign> },
      { label: facts.releaseReason, value: <Lines>{hold.release.reason}</Lines> },
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={detailsTitle}
      footer={
        <Button variant="primary" onClick={onClose}>
          {words.close}
        </Button>
      }
    >
      <DataList items={items} />
    </Dialog>
  );
}

/** A reason may have several lines. */
function Lines({ children }: { children: string }) {
  return (
    <span className="whitespace-pre-line">
      <Foreign>{children}</Foreign>
    </span>
  );
}
