/** The signing keys, one a row. */
import { RotateCw, Signature, Star, Trash2 } from "lucide-react";
import { Badge, Foreign, Link, Mono, Table, Time } from "@/ui";
import { olderVerifying, type SigningKey } from "./rules";
import type { SystemNames } from "./use-system-names";
import { words } from "./words";

export interface SigningKeyActions {
  open(key: SigningKey): void;
  rotate(key: SigningKey): void;
  makeDefault(key: SigningKey): void;
  revoke(key: SigningKey): void;
}

interface Props {
  keys: SigningKey[];
  now: Date;
  /** The name of the key whose details are open. */
  open: string | undefined;
  systems: SystemNames;
  actions: SigningKeyActions;
}

export function SigningKeyTable({ keys, now, open, systems, actions }: Props) {
  return (
    <Table<SigningKey>
      label={words.list}
      rows={keys}
      rowKey={(key) => key.key_id}
      rowLabel={(key) => key.key_id}
      onRowOpen={actions.open}
      isSelected={(key) => key.key_id === open}
      columns={[
        {
          key: "name",
          header: words.columns.name,
          primary: true,
          cell: (key) => <span className="font-mono">{key.key_id}</span>,
        },
        { key: "signs", header: words.columns.signs, cell: (key) => <SignsFor of={key} systems={systems} /> },
        {
          key: "versions",
          header: words.columns.versions,
          width: "190px",
          cell: (key) => <Versions of={key} now={now} />,
        },
        {
          key: "made",
          header: words.columns.made,
          width: "120px",
          hideOnPhone: true,
          cell: (key) => <Time value={key.created_at} style="date" />,
        },
        { key: "status", header: words.columns.status, width: "160px", cell: (key) => <Status of={key} /> },
      ]}
      menu={(key) => [
        { label: words.details, icon: Signature, onSelect: () => actions.open(key) },
        ...(key.status === "revoked"
          ? []
          : ([
              { label: words.rotate, icon: RotateCw, onSelect: () => actions.rotate(key) },
              ...(key.is_default
                ? []
                : [{ label: words.makeDefault, icon: Star, onSelect: () => actions.makeDefault(key) }]),
              "separator",
              { label: words.revoke, icon: Trash2, danger: true, onSelect: () => actions.revoke(key) },
            ] as const)),
      ]}
    />
  );
}

export function SignsFor({ of, systems }: { of: SigningKey; systems: SystemNames }) {
  if (!of.ai_id) return words.anySystem;
  const name = systems.get(of.ai_id);
  return (
    <Link to="/ai-systems/$id" params={{ id: of.ai_id }}>
      {name === undefined ? <Mono truncate>{of.ai_id}</Mono> : <Foreign max={40}>{name}</Foreign>}
    </Link>
  );
}

function Versions({ of, now }: { of: SigningKey; now: Date }) {
  const older = olderVerifying(of, now).length;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5 tabular-nums">
      {words.version(of.versions[0]?.version ?? 1)}
      {older > 0 && <Badge tone="info">{words.olderVerify(older)}</Badge>}
    </span>
  );
}

export function Status({ of }: { of: SigningKey }) {
  if (of.status === "active") {
    return (
      <span className="inline-flex flex-wrap items-center gap-1 sm:flex-nowrap">
        <Badge tone="good" dot>
          {words.status.active}
        </Badge>
        {of.is_default && <Badge tone="accent">{words.default}</Badge>}
      </span>
    );
  }
  return <Badge tone={of.status === "expired" ? "bad" : "neutral"}>{words.status[of.status]}</Badge>;
}
