/** Who belongs to the organisation, one a row. */
import { Crown, LogOut, UserCog, UserMinus } from "lucide-react";
import type { ReactNode } from "react";
import { visible } from "@/lib/text";
import { Badge, Foreign, type MenuItem, Table, Time } from "@/ui";
import { actionsFor, isLastOwner, type Member, type Viewer } from "./rules";
import { words } from "./words";

export interface MemberHandlers {
  changeRole(member: Member): void;
  remove(member: Member): void;
  handOver(member: Member): void;
  leave(): void;
}

interface Props {
  members: Member[];
  /** Of all that are loaded, not only of those that are shown. */
  loaded: readonly Member[];
  isAllKnown: boolean;
  viewer: Viewer;
  handlers: MemberHandlers;
  empty: ReactNode;
}

export function MemberTable({ members, loaded, isAllKnown, viewer, handlers, empty }: Props) {
  return (
    <Table<Member>
      label={words.list}
      rows={members}
      rowKey={(member) => member.id}
      rowLabel={(member) => visible(member.name)}
      empty={empty}
      columns={[
        {
          key: "name",
          header: words.columns.name,
          primary: true,
          cell: (member) => (
            <span className="inline-flex max-w-full items-center gap-2">
              <Foreign max={80}>{member.name}</Foreign>
              {member.id === viewer.id && <Badge tone="neutral">{words.you}</Badge>}
            </span>
          ),
        },
        {
          key: "email",
          header: words.columns.email,
          cell: (member) => <Foreign max={120}>{member.email}</Foreign>,
        },
        {
          key: "role",
          header: words.columns.role,
          width: "120px",
          cell: (member) => <RoleBadge of={member.role} />,
        },
        {
          key: "joined",
          header: words.columns.joined,
          width: "140px",
          hideOnPhone: true,
          cell: (member) => <Time value={member.joined_at} style="date" />,
        },
      ]}
      menu={(member) => menuOf(member, viewer, isLastOwner(member, loaded, isAllKnown), handlers)}
    />
  );
}

export function RoleBadge({ of }: { of: string }) {
  return (
    <Badge tone={of === "owner" ? "accent" : of === "admin" ? "info" : "neutral"}>{words.role(of)}</Badge>
  );
}

function menuOf(member: Member, viewer: Viewer, isLast: boolean, handlers: MemberHandlers): MenuItem[] {
  const may = actionsFor(member, viewer);
  const kept = isLast ? { disabled: true, hint: words.lastOwner } : {};
  const items: MenuItem[] = [];
  if (may.changeRole) {
    items.push({
      label: words.changeRole,
      icon: UserCog,
      onSelect: () => handlers.changeRole(member),
      ...kept,
    });
  }
  if (may.handOver) {
    items.push({ label: words.makeOwner, icon: Crown, onSelect: () => handlers.handOver(member) });
  }
  if (items.length > 0 && (may.remove || may.leave)) items.push("separator");
  if (may.remove) {
    items.push({
      label: words.remove,
      icon: UserMinus,
      danger: true,
      onSelect: () => handlers.remove(member),
      ...kept,
    });
  }
  if (may.leave) {
    items.push({ label: words.leave, icon: LogOut, danger: true, onSelect: handlers.leave, ...kept });
  }
  return items;
}
