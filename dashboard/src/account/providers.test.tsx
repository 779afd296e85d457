import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { queryClient } from "@/api";
import { Providers } from "./providers";

afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

function open(items: { provider: string; name: string; start: string }[]) {
  vi.stubGlobal("fetch", async () => Response.json({ items, next_cursor: null }));
  render(
    <QueryClientProvider client={queryClient}>
      <Providers returnTo="/live?q=a b" />
      <p>the page</p>
    </QueryClientProvider>,
  );
}

test("each provider that is configured has a button, which leads back to where one wanted to go", async () => {
  open([
    { provider: "google", name: "Google", start: "/auth/oauth/google/start" },
    { provider: "github", name: "GitHub", start: "/auth/oauth/github/start" },
  ]);
  const google = await screen.findByRole("link", { name: "Continue with Google" });
  expect(google).toHaveAttribute("href", "/auth/oauth/google/start?return_to=%2Flive%3Fq%3Da%20b");
  expect(screen.getByRole("link", { name: "Continue with GitHub" })).toBeVisible();
});

test("where none is, there is nothing", async () => {
  open([]);
  await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0));
  expect(screen.queryAllByRole("link")).toEqual([]);
  expect(screen.queryByText("or")).toBeNull();
});
