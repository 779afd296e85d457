import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { changes, gateway, openPage, page, problem, user } from "@/test-page";
import KeysPage from "./index";
import type { ApiKey } from "./rules";

const SECRET = "sk_0123456789ABCDEFGHIJKLMN2YbPlI";

function key(of: Partial<ApiKey> = {}): ApiKey {
  return {
    id: "0193b1e0-0000-7000-8000-000000000001",
    name: "agent-1",
    prefix: "sk_01234567",
    scopes: ["events:write"],
    status: "active",
    effective_limits: { requests_per_minute: 1000, events_per_day: 100_000 },
    allowed_ips: [],
    made_by: "ada@example.com",
    created_at: "2026-01-01T00:00:00Z",
    ...of,
  };
}

const ORGANISATION = {
  id: "o",
  name: "acme",
  effective_limits: { requests_per_minute: 1000, events_per_day: null },
};

function gatewayWith(keys: ApiKey[], more: Parameters<typeof gateway>[0] = {}) {
  return gateway({
    "GET /api/v1/keys": page(...keys),
    "GET /api/v1/organisation": [200, ORGANISATION],
    ...more,
  });
}

afterEach(() => vi.unstubAllGlobals());

test("a key is made with what was chosen, and shown once and nowhere else", async () => {
  const asked = gatewayWith([], { "POST /api/v1/keys": [201, { ...key(), key: SECRET }] });
  const router = await openPage(KeysPage);
  await user.click((await screen.findAllByRole("button", { name: "Create key" }))[0]!);
  const form = await screen.findByRole("dialog", { name: "Create an API key" });
  await user.type(within(form).getByLabelText("Name"), "agent-1");
  await user.click(within(form).getByRole("radio", { name: "Never" }));
  await user.click(within(form).getByRole("checkbox", { name: /^Read events/ }));
  await user.click(within(form).getByRole("button", { name: "Create key" }));

  const shown = await screen.findByRole("dialog", { name: "Save this API key" });
  expect(within(shown).getByText(SECRET)).toBeVisible();
  expect(changes(asked)).toEqual([
    { call: "POST /api/v1/keys", body: { name: "agent-1", scopes: ["events:write", "events:read"] } },
  ]);
  expect(router.state.location.href).not.toContain("sk_");
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain("sk_");

  await user.keyboard("{Escape}");
  expect(screen.getByText(SECRET)).toBeVisible();
  await user.click(within(shown).getByRole("button", { name: "I have saved it" }));
  await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
});

test("nothing is sent before there is a name and a scope", async () => {
  const asked = gatewayWith([]);
  await openPage(KeysPage, { at: "/?new=1" });
  const form = await screen.findByRole("dialog", { name: "Create an API key" });
  await user.click(within(form).getByRole("checkbox", { name: /^Record events/ }));
  await user.click(within(form).getByRole("button", { name: "Create key" }));
  expect(within(form).getByText("Give it a name.")).toBeVisible();
  expect(within(form).getByText("Choose at least one scope.")).toBeVisible();
  expect(changes(asked)).toEqual([]);
});

test("what the gateway finds wrong is said at its field, and is gone when it is changed", async () => {
  gatewayWith([], {
    "POST /api/v1/keys": problem(400, "invalid_body", {
      errors: [
        { pointer: "/allowed_ips/1", code: "format", detail: "must be an IP address" },
        { pointer: "/requests_per_minute", code: "above_plan", detail: "must be at most 1000" },
      ],
    }),
  });
  await openPage(KeysPage, { at: "/?new=1" });
  const form = await screen.findByRole("dialog");
  await user.type(within(form).getByLabelText("Name"), "agent-1");
  await user.click(within(form).getByText("Where from, and how much"));
  await user.type(within(form).getByLabelText("Allowed addresses"), "10.0.0.1{Enter}here");
  await user.click(within(form).getByRole("button", { name: "Create key" }));

  expect(await within(form).findByText("Line 2: must be an IP address")).toBeVisible();
  expect(within(form).getByLabelText("Requests in a minute")).toHaveAccessibleDescription(
    /Must be at most 1000/,
  );
  expect(within(form).getByLabelText("Allowed addresses")).toBeInvalid();
  await user.type(within(form).getByLabelText("Allowed addresses"), "{Backspace}");
  expect(within(form).queryByText("Line 2: must be an IP address")).toBeNull();
});

test("a name that is taken is told at the name", async () => {
  gatewayWith([key()], { "POST /api/v1/keys": problem(409, "already_exists") });
  await openPage(KeysPage, { at: "/?new=1" });
  const form = await screen.findByRole("dialog");
  await user.type(within(form).getByLabelText("Name"), "agent-1");
  await user.click(within(form).getByRole("button", { name: "Create key" }));
  expect(await within(form).findByText("Another key that is not revoked has this name.")).toBeVisible();
  expect(within(form).getByLabelText("Name")).toBeInvalid();
});

test("an admin is offered what an admin has, and told what is left out", async () => {
  gatewayWith([]);
  await openPage(KeysPage, { at: "/?new=1", role: "admin" });
  const form = await screen.findByRole("dialog");
  expect(within(form).getByRole("checkbox", { name: /^Manage keys/ })).toBeVisible();
  expect(within(form).queryByRole("checkbox", { name: /^Manage the organisation/ })).toBeNull();
  expect(within(form).getByText("Your role can't give organisation:manage.")).toBeVisible();
});

test("a key that may more than who looks at it can be revoked and not rotated", async () => {
  gatewayWith([key({ scopes: ["organisation:manage"] })]);
  await openPage(KeysPage, { role: "admin" });
  await user.click(await screen.findByRole("button", { name: "Actions for agent-1" }));
  expect(await screen.findByRole("menuitem", { name: "Revoke" })).toBeVisible();
  expect(screen.queryByRole("menuitem", { name: "Rotate" })).toBeNull();
});

test("a key is rotated from its address, with the overlap that was chosen", async () => {
  const rotated = { ...key(), key: SECRET, previous_valid_until: "2026-11-22T13:00:00Z" };
  const asked = gatewayWith([key()], { [`POST /api/v1/keys/${key().id}/rotate`]: [200, rotated] });
  await openPage(KeysPage, { at: `/?rotate=${key().id}` });
  const dialog = await screen.findByRole("dialog", { name: "Rotate agent-1" });
  await user.click(within(dialog).getByRole("radio", { name: "One more hour" }));
  await user.click(within(dialog).getByRole("button", { name: "Rotate" }));
  const shown = await screen.findByRole("dialog", { name: "Save the new secret" });
  expect(within(shown).getByText(SECRET)).toBeVisible();
  expect(changes(asked)[0]?.body).toEqual({ overlap_seconds: 3600 });
});

test("a key is revoked once its name is typed", async () => {
  const asked = gatewayWith([key()], { [`DELETE /api/v1/keys/${key().id}`]: [204] });
  await openPage(KeysPage, { at: `/?revoke=${key().id}` });
  const dialog = await screen.findByRole("alertdialog", { name: "Revoke agent-1?" });
  const revoke = within(dialog).getByRole("button", { name: "Revoke" });
  expect(revoke).toBeDisabled();
  await user.type(within(dialog).getByRole("textbox"), "agent-1");
  await user.click(revoke);
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(changes(asked)).toEqual([{ call: `DELETE /api/v1/keys/${key().id}`, body: undefined }]);
});

test("only what was changed is sent", async () => {
  const before = key({ allowed_ips: ["10.0.0.0/8"] });
  const asked = gatewayWith([before], {
    [`PATCH /api/v1/keys/${before.id}`]: [200, { ...before, name: "agent-2" }],
  });
  await openPage(KeysPage, { at: `/?edit=${before.id}` });
  const form = await screen.findByRole("dialog", { name: "Edit agent-1" });
  const name = within(form).getByLabelText("Name");
  await user.clear(name);
  await user.type(name, "agent-2");
  await user.click(within(form).getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(changes(asked)[0]?.body).toEqual({ name: "agent-2" });
});

test("a link to a key that is revoked says so instead of offering what can't be done", async () => {
  gatewayWith([key({ status: "revoked", revoked_at: "2026-02-01T00:00:00Z" })]);
  await openPage(KeysPage, { at: `/?rotate=${key().id}` });
  expect(await screen.findByText("agent-1 is revoked, and stays it.")).toBeVisible();
});

test("a link to a key that is nobody's here tells that", async () => {
  gatewayWith([key()]);
  await openPage(KeysPage, { at: "/?key=0193b1e0-0000-7000-8000-00000000ffff" });
  expect(await screen.findByRole("dialog", { name: "This can't be done" })).toBeVisible();
});

test("ended keys are put away, and found again", async () => {
  gatewayWith([key(), key({ id: "0193b1e0-0000-7000-8000-000000000002", name: "old", status: "revoked" })]);
  await openPage(KeysPage);
  expect(await screen.findByRole("button", { name: "agent-1" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "old" })).toBeNull();
  await user.click(screen.getByRole("radio", { name: "Ended" }));
  expect(await screen.findByRole("button", { name: "old" })).toBeVisible();
  await user.type(screen.getByRole("searchbox"), "nothing like it");
  await user.click(await screen.findByRole("button", { name: "Show all keys" }));
  expect(await screen.findByRole("button", { name: "agent-1" })).toBeVisible();
});

test("who may not see keys is told which scope that needs", async () => {
  gateway({
    "GET /api/v1/keys": problem(403, "missing_scope", { detail: "This needs the scope keys:manage." }),
  });
  await openPage(KeysPage, { role: "viewer" });
  expect(await screen.findByText(/keys:manage/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Create key" })).toBeNull();
});
