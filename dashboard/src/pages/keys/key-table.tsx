/** The keys, one a row. */
import { KeyRound, Pencil, RotateCw, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useSession } from "@/api";
import { visible } from "@/lib/text";
import { Foreign, Mono, Table, Time } from "@/ui";
import { type ApiKey, mayChange } from "./rules";
import { KeyStatus, LimitsShown, ScopeBadges } from "./status";
import { words } from "./words";

export interface KeyActions {
  open(key: ApiKey): void;
  edit(key: ApiKey): void;
  rotate(key: ApiKey): void;
  revoke(key: ApiKey): void;
}

interface Props {
  keys: ApiKey[];
  now: Date;
  /** The id of the key whose details are open. */
  open: string | undefined;
  actions: KeyActions;
  empty: ReactNode;
}

export function KeyTable({ keys, now, open, actions, empty }: Props) {
  const { can } = useSession();
  return (
    <Table<ApiKey>
      label={words.list}
      rows={keys}
      rowKey={(key) => key.id}
      rowLabel={(key) => visible(key.name)}
      onRowOpen={actions.open}
      isSelected={(key) => key.id === open}
      empty={empty}
      columns={[
        {
          key: "name",
          header: words.columns.name,
          primary: true,
          cell: (key) => <Foreign max={64}>{key.name}</Foreign>,
        },
        { key: "key", header: words.columns.key, width: "120px", cell: (key) => <Mono>{masked(key)}</Mono> },
        {
          key: "scopes",
          header: words.columns.scopes,
          cell: (key) => <ScopeBadges scopes={key.scopes} />,
        },
        {
          key: "limits",
          header: words.columns.limits,
          width: "150px",
          hideOnPhone: true,
          cell: (key) => <LimitsShown of={key} />,
        },
        {
          key: "lastUsed",
          header: words.columns.lastUsed,
          width: "110px",
          cell: (key) => (key.last_used_at ? <Time value={key.last_used_at} /> : words.neverUsed),
        },
        {
          key: "ends",
          header: words.columns.ends,
          width: "110px",
          hideOnPhone: true,
          cell: (key) => (key.expires_at ? <Time value={key.expires_at} style="date" /> : words.neverEnds),
        },
        {
          key: "status",
          header: words.columns.status,
          width: "150px",
          cell: (key) => <KeyStatus of={key} now={now} />,
        },
      ]}
      menu={(key) => [
        { label: words.details, icon: KeyRound, onSelect: () => actions.open(key) },
        ...(mayChange(key, can)
          ? [
              { label: words.edit, icon: Pencil, onSelect: () => actions.edit(key) },
              { label: words.rotate, icon: RotateCw, onSelect: () => actions.rotate(key) },
            ]
          : []),
        ...(key.status === "revoked"
          ? []
          : ([
              "separator",
              { label: words.revoke, icon: Trash2, danger: true, onSelect: () => actions.revoke(key) },
            ] as const)),
      ]}
    />
  );
}

/** What is known of the key itself: its first characters. */
export function masked(key: ApiKey): string {
  return `${key.prefix}…`;
}
