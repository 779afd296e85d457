/** The rules of members: whose role may be changed, who is the last owner. */
import type { Schemas } from "@/api";
import { mayManageRole, type RoleName } from "@/lib/roles";

export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];

/** Who looks at the list. */
export interface Viewer {
  id: string;
  role: RoleName;
  /** `members:manage`. */
  mayManage: boolean;
  /** `organisation:manage`. */
  mayHandOver: boolean;
}

export interface MemberActions {
  changeRole: boolean;
  remove: boolean;
  handOver: boolean;
  leave: boolean;
}

/** What can be done about a member. Oneself one can't remove: one leaves. */
export function actionsFor(member: Member, viewer: Viewer): MemberActions {
  const isSelf = member.id === viewer.id;
  const mayManage = viewer.mayManage && mayManageRole(viewer.role, member.role);
  return {
    changeRole: mayManage,
    remove: mayManage && !isSelf,
    handOver: viewer.mayHandOver && viewer.role === "owner" && !isSelf,
    leave: isSelf,
  };
}

/** Whether this is the one owner there is. As long as not all members are known, nobody is called that. */
export function isLastOwner(member: Member, members: readonly Member[], isAllKnown: boolean): boolean {
  if (member.role !== "owner" || !isAllKnown) return false;
  return !members.some((other) => other.role === "owner" && other.id !== member.id);
}

export function isFound(member: Member, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [member.name, member.email].some((text) => text.toLowerCase().includes(wanted));
}

/** Enough of an address to be worth sending; the gateway knows the rest of the rules. */
export function isAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim());
}
