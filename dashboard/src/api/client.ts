/** The client: every request of the page goes through `send`, with the session's cookies and its token against forgery. */
import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { noteReached, noteUnreachable } from "./connection";
import { csrfToken } from "./cookies";
import { ApiProblem } from "./problem";
import { refreshSession } from "./refresh";
import type { paths } from "./schema";

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Who asks here has no session yet, or is about to end it: 401 is the answer, not a reason to refresh. */
function isAboutSessions(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return pathname.startsWith("/auth/") && pathname !== "/auth/invitations/accept";
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
  if (answer.status !== 401 || isAboutSessions(request)) return answer;
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
