/** The table of pages. Each is a chunk of its own, loaded when it is wanted or its link is pointed at. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { csrfToken } from "@/api";
import { arriving } from "@/lib/connection";
import { parseSearch, stringifySearch } from "@/lib/url-state";
import { lazily } from "@/ui/lazily";
import { Broken } from "./broken";

const NotFound = lazily(() => import("@/pages/not-found"), "default");

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <main>
      <NotFound />
    </main>
  ),
  errorComponent: Broken,
});

/** A page whose code comes when it is wanted. */
const page = (load: () => Promise<{ default: () => ReactNode }>) => lazyRouteComponent(() => arriving(load));

/** Pages that anybody may see. */
const open = {
  "/login": page(() => import("@/pages/sign-in/login")),
  "/register": page(() => import("@/pages/sign-in/register")),
  "/forgot-password": page(() => import("@/pages/sign-in/forgot-password")),
  "/reset-password": page(() => import("@/pages/sign-in/reset-password")),
  "/verify-email": page(() => import("@/pages/sign-in/verify-email")),
  "/invitation": page(() => import("@/pages/sign-in/invitation")),
};

/** Pages of people who are signed in. */
const framed = {
  "/": page(() => import("@/pages/home")),
  "/start": page(() => import("@/pages/start")),
  "/live": page(() => import("@/pages/live")),
  "/event/$id": page(() => import("@/pages/event")),
  "/sessions": page(() => import("@/pages/sessions")),
  "/sessions/$id": page(() => import("@/pages/sessions/detail")),
  "/statistics": page(() => import("@/pages/metrics")),
  "/topics": page(() => import("@/pages/topics")),
  "/topics/$name": page(() => import("@/pages/topics/detail")),
  "/dead-letters": page(() => import("@/pages/dead-letters")),
  "/dead-letters/$id": page(() => import("@/pages/dead-letters/detail")),
  "/keys": page(() => import("@/pages/keys")),
  "/signing-keys": page(() => import("@/pages/signing-keys")),
  "/ai-systems": page(() => import("@/pages/ai-systems")),
  "/ai-systems/$id": page(() => import("@/pages/ai-systems/detail")),
  "/members": page(() => import("@/pages/members")),
  "/audit": page(() => import("@/pages/audit")),
  "/redaction": page(() => import("@/pages/redaction")),
  "/settings": page(() => import("@/pages/settings")),
  "/status": page(() => import("@/pages/status")),
};

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: lazyRouteComponent(() => arriving(() => import("./frame")), "Frame"),
  notFoundComponent: NotFound,
  errorComponent: Broken,
  beforeLoad: ({ location }) => {
    if (csrfToken() === undefined) throw redirect({ to: "/login", search: returnTo(location.href) as never });
  },
});

/** Where to go on after the sign-in; home needs no telling. */
function returnTo(href: string): Record<string, string> {
  return href === "/" ? {} : { return_to: href };
}

const tree = root.addChildren([
  ...Object.entries(open).map(([path, component]) =>
    createRoute({ getParentRoute: () => root, path, component }),
  ),
  frame.addChildren(
    Object.entries(framed).map(([path, component]) =>
      createRoute({ getParentRoute: () => frame, path, component }),
    ),
  ),
]);

export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultPendingMs: 150,
});
