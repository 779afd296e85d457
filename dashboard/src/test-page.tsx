/** What tests of whole pages stand on: a router, a session, and a gateway that answers as the test says. */
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { configure, render } from "@testing-library/react";
import userEvent, { PointerEventsCheckLevel } from "@testing-library/user-event";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { queryClient, type Role, type Schemas, SessionProvider } from "@/api";
import { parseSearch, stringifySearch } from "@/lib/url-state";

export const ME = "0193b1e0-0000-7000-8000-0000000000aa";

export function me(role: Role): Schemas["Me"] {
  const organisation = { id: "0193b1e0-0000-7000-8000-0000000000bb", name: "acme", role };
  return {
    user: {
      id: ME,
      email: "ada@example.com",
      name: "Ada Lovelace",
      email_verified: true,
      has_password: true,
      created_at: "2026-01-01T00:00:00Z",
    },
    session_id: "0193b1e0-0000-7000-8000-0000000000cc",
    organisation,
    organisations: [organisation],
    password_change_required: false,
  };
}

interface Options {
  /** Where the page is opened, with what stands behind `?`. */
  at?: string;
  /** The page's route; every other address is an empty page. */
  path?: string;
  role?: Role;
}

/** A whole page takes its time to be drawn where nothing draws it; how long that is says nothing of the page. */
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 20_000 });

/** Who uses the page, without the pauses of a hand. */
export const user = userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never });

/** Opens a page; answers its router, which knows the address. */
export async function openPage(
  Page: () => ReactNode,
  { at = "/", path = "/", role = "owner" }: Options = {},
) {
  queryClient.clear();
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path, component: Page });
  const elsewhere = createRoute({ getParentRoute: () => root, path: "$", component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([page, elsewhere]),
    history: createMemoryHistory({ initialEntries: [at] }),
    parseSearch,
    stringifySearch,
  });
  await router.load();
  render(
    <QueryClientProvider client={queryClient}>
      <SessionProvider me={me(role)}>
        <RouterProvider router={router as never} />
      </SessionProvider>
    </QueryClientProvider>,
  );
  return router;
}

export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
}

type Answer = [status: number, body?: unknown];
type Route = Answer | ((asked: Asked) => Answer);

/** A gateway that knows these routes (`GET /api/v1/keys`); what was asked of it, in order. */
export function gateway(routes: Record<string, Route>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    const text = await request.text();
    const one: Asked = {
      method: request.method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      body: text === "" ? undefined : JSON.parse(text),
    };
    asked.push(one);
    const route = routes[`${one.method} ${one.path}`] ?? problem(404, "not_found");
    const [status, body] = typeof route === "function" ? route(one) : route;
    const isEmpty = body === undefined;
    return new Response(isEmpty ? null : JSON.stringify(body), {
      status,
      headers: isEmpty ? { "Content-Length": "0" } : { "Content-Type": "application/json" },
    });
  });
  return asked;
}

/** A refusal, as the gateway writes it. */
export function problem(status: number, code: string, more: Record<string, unknown> = {}): Answer {
  return [
    status,
    { type: `urn:gapin:problem:${code}`, title: code, detail: `It is ${code}.`, status, code, ...more },
  ];
}

export const page = <T,>(...items: T[]): Answer => [200, { items, next_cursor: null }];

/** What was changed: everything that was asked but for what only reads. */
export const changes = (asked: Asked[]) =>
  asked
    .filter(({ method }) => method !== "GET")
    .map(({ method, path, body }) => ({ call: `${method} ${path}`, body }));
