/** The registered AI systems, one a row. */
import { useNavigate } from "@tanstack/react-router";
import { ArrowRight, Pencil, Radio, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useSession } from "@/api";
import { visible } from "@/lib/text";
import { Badge, Count, Foreign, Mono, Table, Time } from "@/ui";
import type { AiSystem } from "./rules";
import { words } from "./words";

interface Props {
  systems: AiSystem[];
  /** Events of the last 7 days by id; of one that is not in it nothing is known. */
  events: ReadonlyMap<string, number>;
  empty: ReactNode;
  onEdit(system: AiSystem): void;
  onRemove(system: AiSystem): void;
}

export function SystemTable({ systems, events, empty, onEdit, onRemove }: Props) {
  const { can } = useSession();
  const navigate = useNavigate();
  return (
    <Table<AiSystem>
      label={words.list}
      rows={systems}
      rowKey={(system) => system.ai_id}
      rowLabel={(system) => visible(system.name)}
      rowHref={(system) => ({ to: "/ai-systems/$id", params: { id: system.ai_id } })}
      empty={empty}
      columns={[
        {
          key: "name",
          header: words.columns.name,
          primary: true,
          cell: (system) => <Foreign max={64}>{system.name}</Foreign>,
        },
        {
          key: "id",
          header: words.columns.id,
          width: "150px",
          cell: (system) => <Mono truncate>{system.ai_id}</Mono>,
        },
        {
          key: "owner",
          header: words.columns.owner,
          cell: (system) => (system.owner ? <Foreign max={60}>{system.owner}</Foreign> : words.nobody),
        },
        {
          key: "environment",
          header: words.columns.environment,
          width: "130px",
          cell: (system) => <Environment of={system} />,
        },
        {
          key: "events",
          header: words.columns.events,
          width: "120px",
          align: "right",
          cell: (system) => <Count value={events.get(system.ai_id) ?? 0} />,
        },
        {
          key: "registered",
          header: words.columns.registered,
          width: "120px",
          hideOnPhone: true,
          cell: (system) => <Time value={system.created_at} style="date" />,
        },
      ]}
      menu={(system) => [
        {
          label: words.open,
          icon: ArrowRight,
          onSelect: () => void navigate({ to: "/ai-systems/$id", params: { id: system.ai_id } }),
        },
        {
          label: words.live,
          icon: Radio,
          onSelect: () => void navigate({ to: "/live", search: { ai: system.ai_id } as never }),
        },
        ...(can("keys:manage")
          ? ([
              { label: words.edit, icon: Pencil, onSelect: () => onEdit(system) },
              "separator",
              { label: words.remove, icon: Trash2, danger: true, onSelect: () => onRemove(system) },
            ] as const)
          : []),
      ]}
    />
  );
}

export function Environment({ of }: { of: AiSystem }) {
  if (!of.environment) return words.nobody;
  return (
    <Badge tone="neutral">
      <Foreign max={30}>{of.environment}</Foreign>
    </Badge>
  );
}
