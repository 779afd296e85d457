import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gateway, openPage, page, user } from "@/test-page";
import type { Entry } from "./entry";
import AuditPage from "./index";

function entry(
  n: number,
  of: Omit<Partial<Entry>, "detail"> & { detail?: Record<string, unknown> } = {},
): Entry {
  return {
    id: `0193b1e0-0000-7000-8000-00000000000${n}`,
    at: `2026-11-22T11:0${n}:00Z`,
    actor: { kind: "user", id: "u", name: "ada@example.com" },
    action: "api_key.update",
    target: { kind: "api_key", id: "k" },
    result: "success",
    address: "203.0.113.9",
    request_id: "r-1",
    detail: {},
    ...of,
  } as Entry;
}

const NEWEST = entry(3, { detail: { name: "agent-2" } });
const ENTRIES = [
  NEWEST,
  entry(2, { action: "api_key.rotate" }),
  entry(1, { action: "api_key.create", detail: { name: "agent-1" } }),
];

function gatewayWith(entries: Entry[]) {
  return gateway({
    "GET /api/v1/audit": ({ query }) => {
      const before = query["to"] ?? "9999";
      return page(...entries.filter(({ at }) => at < before).slice(0, Number(query["limit"])));
    },
    "GET /api/v1/keys": page(),
    "GET /api/v1/ai-systems": page(),
    "GET /users": page(),
  });
}

// Where nothing is laid out everything is 0 pixels high, and nothing would be near the screen.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
});
afterEach(() => vi.unstubAllGlobals());

test("each entry is a sentence; one opens with what it changed and what that was before", async () => {
  gatewayWith(ENTRIES);
  const router = await openPage(AuditPage);
  await user.click(await screen.findByRole("button", { name: /ada@example.com changed the API key/ }));
  const panel = await screen.findByRole("complementary");
  expect(router.state.location.search).toMatchObject({ entry: NEWEST.id });
  const row = await within(panel).findByRole("row", { name: /^Name/ });
  await waitFor(() => expect(row).toHaveTextContent("Nameagent-1agent-2"));
  expect(within(panel).getByText("203.0.113.9")).toBeVisible();
});

test("J and K go from entry to entry", async () => {
  gatewayWith(ENTRIES);
  const router = await openPage(AuditPage);
  await screen.findByRole("button", { name: /changed the API key/ });
  await user.keyboard("j");
  await waitFor(() => expect(router.state.location.search).toMatchObject({ entry: NEWEST.id }));
  await user.keyboard("j");
  await waitFor(() => expect(router.state.location.search).toMatchObject({ entry: ENTRIES[1]?.id }));
  await user.keyboard("k");
  await waitFor(() => expect(router.state.location.search).toMatchObject({ entry: NEWEST.id }));
});

test("a filter is sent when it is typed to its end, and stands in the address", async () => {
  const asked = gatewayWith(ENTRIES);
  const router = await openPage(AuditPage, { at: "/?action=api_key" });
  await screen.findByRole("button", { name: /changed the API key/ });
  await user.type(screen.getByRole("combobox", { name: /^Who/ }), "ada@example.com");
  expect(asked.some(({ query }) => query["actor"] !== undefined)).toBe(false);
  await user.keyboard("{Enter}");
  await waitFor(() =>
    expect(asked.at(-1)?.query).toMatchObject({ actor: "ada@example.com", action: "api_key" }),
  );
  expect(router.state.location.search).toEqual({ actor: "ada@example.com", action: "api_key" });
});

test("from an entry one goes to all that its actor did", async () => {
  gatewayWith(ENTRIES);
  const router = await openPage(AuditPage, { at: `/?action=api_key&entry=${NEWEST.id}` });
  await user.click(await screen.findByRole("button", { name: "All that they did" }));
  await waitFor(() => expect(router.state.location.search).toEqual({ actor: "u" }));
});

test("nothing that matches is told as that, and the way back is there", async () => {
  gateway({ "GET /api/v1/audit": ({ query }) => (query["actor"] ? page() : page(...ENTRIES)) });
  const router = await openPage(AuditPage, { at: "/?actor=nobody" });
  expect(await screen.findByText("No entry matches")).toBeVisible();
  await user.click(screen.getAllByRole("button", { name: "Clear filters" })[0]!);
  expect(await screen.findByRole("button", { name: /changed the API key/ })).toBeVisible();
  expect(router.state.location.search).toEqual({});
});
