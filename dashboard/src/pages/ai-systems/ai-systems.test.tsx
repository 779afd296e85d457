import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { changes, gateway, openPage, page, problem, user } from "@/test-page";
import AiSystemPage from "./detail";
import AiSystemsPage from "./index";
import type { AiSystem } from "./rules";

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
const OTHER = "6fa459ea-ee8a-3ca4-894e-db77e160355e";

function system(of: Partial<AiSystem> = {}): AiSystem {
  return {
    ai_id: ID,
    name: "Booking agent",
    owner: "travel@example.com",
    environment: "production",
    description: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    ...of,
  };
}

const ORGANISATION = { id: "o", name: "acme", registered_systems_only: true, effective_limits: {} };

function gatewayWith(systems: AiSystem[], more: Parameters<typeof gateway>[0] = {}) {
  return gateway({
    "GET /api/v1/ai-systems": page(...systems),
    "GET /api/v1/metrics/top-ai-systems": [200, { items: [{ ai_id: OTHER, events: 12, bytes: 1 }] }],
    "GET /api/v1/organisation": [200, ORGANISATION],
    "GET /api/v1/signing-keys": page(),
    "GET /aibbar/events": page(),
    ...more,
  });
}

afterEach(() => vi.unstubAllGlobals());

test("one that records unregistered is registered under its id", async () => {
  const asked = gatewayWith([system()], {
    "POST /api/v1/ai-systems": [201, system({ ai_id: OTHER, name: "Support" })],
  });
  const router = await openPage(AiSystemsPage);
  await user.click(await screen.findByRole("button", { name: `Register ${OTHER}` }));
  const form = await screen.findByRole("dialog", { name: "Register an AI system" });
  expect(within(form).getByLabelText("Id")).toHaveValue(OTHER);
  await user.type(within(form).getByLabelText("Name"), "Support");
  await user.click(within(form).getByRole("button", { name: "Set the environment to staging" }));
  await user.click(within(form).getByRole("button", { name: "Register AI system" }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/ai-systems/${OTHER}`));
  expect(changes(asked)[0]?.body).toEqual({ name: "Support", ai_id: OTHER, environment: "staging" });
});

test("a name that is taken is told at the name", async () => {
  gatewayWith([system()], { "POST /api/v1/ai-systems": problem(409, "already_exists") });
  await openPage(AiSystemsPage, { at: "/?new=1" });
  const form = await screen.findByRole("dialog");
  await user.type(within(form).getByLabelText("Name"), "Booking agent");
  await user.click(within(form).getByRole("button", { name: "Register AI system" }));
  expect(await within(form).findByText("Another AI system has this name, or this id.")).toBeVisible();
});

test("taking one out of the register says what that means where only registered ones may record", async () => {
  const asked = gatewayWith([system()], { [`DELETE /api/v1/ai-systems/${ID}`]: [204] });
  await openPage(AiSystemsPage, { at: `/?remove=${ID}` });
  const dialog = await screen.findByRole("alertdialog");
  expect(await within(dialog).findByText(/its events are refused/)).toBeVisible();
  await user.type(within(dialog).getByRole("textbox"), "Booking agent");
  await user.click(within(dialog).getByRole("button", { name: "Take out" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(changes(asked)).toEqual([{ call: `DELETE /api/v1/ai-systems/${ID}`, body: undefined }]);
});

test("the page of one that is not registered has its events, and offers to register it", async () => {
  const asked = gatewayWith([]);
  await openPage(AiSystemPage, { path: "/ai-systems/$id", at: `/ai-systems/${OTHER}` });
  expect(await screen.findByText(/No AI system of this id is registered here/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Register AI system" })).toBeVisible();
  expect(asked.find(({ path }) => path === "/aibbar/events")?.query["ai_id"]).toBe(OTHER);
});

test("a member reads the register and changes nothing", async () => {
  gatewayWith([system()]);
  await openPage(AiSystemsPage, { role: "member" });
  await user.click(await screen.findByRole("button", { name: "Actions for Booking agent" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map((item) => item.textContent)).toEqual(["Open", "Watch live"]);
  expect(screen.queryByRole("button", { name: "Register AI system" })).toBeNull();
});

test("only what was changed is sent", async () => {
  const asked = gatewayWith([], {
    [`GET /api/v1/ai-systems/${ID}`]: [200, system()],
    [`PATCH /api/v1/ai-systems/${ID}`]: [200, system({ owner: null })],
  });
  await openPage(AiSystemPage, { path: "/ai-systems/$id", at: `/ai-systems/${ID}?edit=1` });
  const form = await screen.findByRole("dialog", { name: "Edit Booking agent" });
  await user.clear(within(form).getByLabelText("Owner"));
  await user.click(within(form).getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(changes(asked)[0]?.body).toEqual({ owner: null });
});
