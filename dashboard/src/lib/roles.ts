/** What people may do by their role. The gateway decides; this says what is worth offering. */

export type RoleName = "viewer" | "member" | "admin" | "owner";

/** The least first. */
export const ROLES: readonly RoleName[] = ["viewer", "member", "admin", "owner"];

export function isRole(word: string): word is RoleName {
  return (ROLES as readonly string[]).includes(word);
}

/** Nobody gives or takes more than they have: a role manages itself and what is below it. */
export function mayManageRole(own: RoleName, other: RoleName): boolean {
  return ROLES.indexOf(other) <= ROLES.indexOf(own);
}

/** The roles that somebody of this role may give, the highest first. */
export function rolesToGive(own: RoleName): RoleName[] {
  return ROLES.filter((role) => mayManageRole(own, role)).reverse();
}
