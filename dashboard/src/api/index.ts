export { type Connection, useConnection } from "@/lib/connection";
export { $api, api } from "./client";
export { csrfToken } from "./cookies";
export { optimistic } from "./optimistic";
export { ApiProblem, type Fault, isProblem } from "./problem";
export { type ItemOf, invalidate, type ListPath, type Pages, queryClient, usePages } from "./queries";
export {
  beginSessionAgain,
  onSessionBegunAgain,
  onSessionEnd,
  refreshSession,
  renewBefore,
  stopRenewing,
} from "./refresh";
export type { paths } from "./schema";
export {
  type Role,
  type Scope,
  type Session,
  SessionProvider,
  scopesOf,
  sessionOf,
  useSession,
} from "./session";
export type { Schemas } from "./types";
