/** The table of pages. Each is a chunk of its own, loaded when it is wanted or its link is pointed at. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { csrfToken } from "@/api";
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

/** Pages that anybody may see. */
const open = {
  "/login": lazyRouteComponent(() => import("@/pages/sign-in/login")),
  "/register": lazyRouteComponent(() => import("@/pages/sign-in/register")),
  "/forgot-password": lazyRouteComponent(() => import("@/pages/sign-in/forgot-password")),
  "/reset-password": lazyRouteComponent(() => import("@/pages/sign-in/reset-password")),
  "/verify-email": lazyRouteComponent(() => import("@/pages/sign-in/verify-email")),
  "/invitation": lazyRouteComponent(() => import("@/pages/sign-in/invitation")),
};

/** Pages of people who are signed in. */
const framed = {
  "/": lazyRouteComponent(() => import("@/pages/home")),
  "/start": lazyRouteComponent(() => import("@/pages/start")),
  "/live": lazyRouteComponent(() => import("@/pages/live")),
  "/event/$id": lazyRouteComponent(() => import("@/pages/event")),
  "/sessions": lazyRouteComponent(() => import("@/pages/sessions")),
  "/sessions/$id": lazyRouteComponent(() => import("@/pages/sessions/detail")),
  "/statistics": lazyRouteComponent(() => import("@/pages/metrics")),
  "/topics": lazyRouteComponent(() => import("@/pages/topics")),
  "/topics/$name": lazyRouteComponent(() => import("@/pages/topics/detail")),
  "/dead-letters": lazyRouteComponent(() => import("@/pages/dead-letters")),
  "/dead-letters/$id": lazyRouteComponent(() => import("@/pages/dead-letters/detail")),
  "/keys": lazyRouteComponent(() => import("@/pages/keys")),
  "/signing-keys": lazyRouteComponent(() => import("@/pages/signing-keys")),
  "/ai-systems": lazyRouteComponent(() => import("@/pages/ai-systems")),
  "/ai-systems/$id": lazyRouteComponent(() => import("@/pages/ai-systems/detail")),
  "/members": lazyRouteComponent(() => import("@/pages/members")),
  "/audit": lazyRouteComponent(() => import("@/pages/audit")),
  "/redaction": lazyRouteComponent(() => import("@/pages/redaction")),
  "/settings": lazyRouteComponent(() => import("@/pages/settings")),
  "/status": lazyRouteComponent(() => import("@/pages/status")),
};

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: lazyRouteComponent(() => import("./frame"), "Frame"),
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
