/** What the kit's tests render with: a router for links, and a screen as wide as a test wants it. */
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactElement } from "react";
import { vi } from "vitest";

/** Renders at `/`; every other address is an empty page. */
export async function renderAtHome(element: ReactElement) {
  const root = createRootRoute();
  const home = createRoute({ getParentRoute: () => root, path: "/", component: () => element });
  const elsewhere = createRoute({ getParentRoute: () => root, path: "$", component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([home, elsewhere]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  await router.load();
  render(<RouterProvider router={router as never} />);
  return router;
}

/** A phone, or a wide screen. */
export function onScreen(kind: "phone" | "wide"): void {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: kind === "phone" && query.includes("max-width: 639"),
    media: query,
    addEventListener() {},
    removeEventListener() {},
  }));
}
