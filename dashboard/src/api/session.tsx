/** Who is signed in, and what they may do in the organisation in use. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Schemas } from "./types";

export type Role = Schemas["Role"];
export type Scope = Schemas["Scope"];

export interface Session {
  me: Schemas["Me"];
  organisation: Schemas["OwnOrganisation"];
  role: Role;
  can(scope: Scope): boolean;
}

/** What each role may do, as the gateway has it: it decides, this only says what is worth showing. */
const VIEWER: readonly Scope[] = ["events:read", "metrics:read", "members:read"];
const MEMBER: readonly Scope[] = [...VIEWER, "topics:manage"];
const ADMIN: readonly Scope[] = [...MEMBER, "keys:manage", "audit:read", "members:manage"];
const SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: VIEWER,
  member: MEMBER,
  admin: ADMIN,
  owner: [...ADMIN, "organisation:manage"],
};

export function scopesOf(role: Role): readonly Scope[] {
  return SCOPES[role] ?? [];
}

const Context = createContext<Session | undefined>(undefined);

export function SessionProvider({ me, children }: { me: Schemas["Me"]; children: ReactNode }) {
  const session = useMemo(() => sessionOf(me), [me]);
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

/** None for a person who is in no organisation. */
export function sessionOf(me: Schemas["Me"]): Session | undefined {
  const { organisation } = me;
  if (!organisation) return undefined;
  const role = organisation.role as Role;
  return { me, organisation, role, can: (scope) => scopesOf(role).includes(scope) };
}

/** The session. Only pages behind the sign-in ask. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error("nobody is signed in here");
  return session;
}
