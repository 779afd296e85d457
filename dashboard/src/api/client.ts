/** The client: every request of the page goes through `send`, with the session's cookies and its token against forgery. */
import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { noteReached, noteUnreachable } from "@/lib/connection";
import { csrfToken } from "./cookies";
import { ApiProblem } from "./problem";
import { refreshSession } from "./refresh";
import type { paths } from "./schema";

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Who asks here has no session yet, or is about to end it: 401 is the answer, not a reason to refresh. */
function isAboutSessions(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return pathname.startsWith("/auth/") && !OF_PEOPLE.has(pathname);
}

/** These are asked with a session's access, like everything else. */
const OF_PEOPLE = new Set(["/auth/invitations/accept", "/auth/logout-all"]);

/** A wrong password is 401 as well: to send it twice would count as two tries. */
async function hasRunOut(answer: Response): Promise<boolean> {
  if (answer.status !== 401) return false;
  const problem: { code?: unknown } | undefined = await answer
    .clone()
    .json()
    .catch(() => undefined);
  return problem?.code !== "invalid_credentials";
}

async function attempt(request: Request): Promise<Response> {
  const token = csrfToken();
  if (CHANGES.has(request.method) && token !== undefined) request.headers.set("X-CSRF-Token", token);
  try {
    const answer = await globalThis.fetch(request);
    noteReached();
    return answer;
  } catch (error) {
    if (request.signal.aborted) throw error;
    noteUnreachable();
    throw ApiProblem.unreachable(error);
  }
}

/** Sends a request; where the session's access has run out, it is refreshed once and the request repeated. */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await attempt(request);
  if (isAboutSessions(request) || !(await hasRunOut(answer))) return answer;
  return (await refreshSession()) ? attempt(again) : answer;
}

/** The typed client. Whatever is no success is thrown as an `ApiProblem`. */
export const api = createFetchClient<paths>({ baseUrl: globalThis.location?.origin ?? "", fetch: send });

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await ApiProblem.of(response);
  },
});

/** The same as React queries and mutations. */
export const $api = createQueryClient(api);
