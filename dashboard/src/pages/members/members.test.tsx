import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { changes, gateway, ME, openPage, page, problem, user } from "@/test-page";
import MembersPage from "./index";
import type { Invitation, Member } from "./rules";

const BOB = "0193b1e0-0000-7000-8000-000000000002";

function member(of: Partial<Member> = {}): Member {
  return {
    id: ME,
    name: "Ada Lovelace",
    email: "ada@example.com",
    role: "owner",
    joined_at: "2026-01-01T00:00:00Z",
    ...of,
  };
}

const bob = (role: Member["role"]) => member({ id: BOB, name: "Bob", email: "bob@example.com", role });

const INVITATION: Invitation = {
  id: "0193b1e0-0000-7000-8000-000000000003",
  email: "eve@example.com",
  role: "member",
  invited_by: "ada@example.com",
  created_at: "2026-11-22T12:00:00Z",
  expires_at: "2026-11-29T12:00:00Z",
};

function gatewayWith(members: Member[], invitations: Invitation[], more: Parameters<typeof gateway>[0] = {}) {
  return gateway({
    "GET /users": page(...members),
    "GET /api/v1/invitations": page(...invitations),
    ...more,
  });
}

afterEach(() => vi.unstubAllGlobals());

test("a role is changed to one that the viewer may give", async () => {
  const asked = gatewayWith([member({ role: "admin" }), bob("viewer")], [], {
    [`PATCH /users/${BOB}`]: [200, bob("member")],
  });
  await openPage(MembersPage, { at: `/?role=${BOB}`, role: "admin" });
  const dialog = await screen.findByRole("dialog", { name: "The role of Bob" });
  const offered = within(dialog)
    .getAllByRole("radio")
    .map((radio) => radio.getAttribute("value"));
  expect(offered).toEqual(["admin", "member", "viewer"]);
  await user.click(within(dialog).getByRole("radio", { name: "Member" }));
  await user.click(within(dialog).getByRole("button", { name: "Change role" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(changes(asked)).toEqual([{ call: `PATCH /users/${BOB}`, body: { role: "member" } }]);
});

test("an owner is none of an admin's business, whatever the address says", async () => {
  gatewayWith([member({ role: "admin" }), bob("owner")], []);
  await openPage(MembersPage, { at: `/?remove=${BOB}`, role: "admin" });
  expect(await screen.findByText(/Only who may all that an owner may/)).toBeVisible();
});

test("the last owner neither leaves nor steps down, and is told why", async () => {
  gatewayWith([member(), bob("admin")], []);
  await openPage(MembersPage);
  await user.click(await screen.findByRole("button", { name: "Actions for Ada Lovelace" }));
  const leave = await screen.findByRole("menuitem", { name: /^Leave the organisation/ });
  expect(leave).toHaveAttribute("aria-disabled", "true");
  expect(leave).toHaveTextContent("make somebody else an owner first");
});

test("the organisation is handed over once its name is typed", async () => {
  const asked = gatewayWith([member(), bob("admin")], [], { "POST /api/v1/organisation/transfer": [204] });
  await openPage(MembersPage, { at: `/?transfer=${BOB}` });
  const dialog = await screen.findByRole("alertdialog", { name: "Hand over the organisation" });
  await user.type(within(dialog).getByRole("textbox"), "acme");
  await user.click(within(dialog).getByRole("button", { name: "Hand over" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(changes(asked)[0]?.body).toEqual({ user_id: BOB });
});

test("somebody is invited, and is among the invitations then", async () => {
  const invitations: Invitation[] = [];
  const asked = gateway({
    "GET /users": page(member()),
    "GET /api/v1/invitations": () => page(...invitations),
    "POST /users": () => {
      invitations.push(INVITATION);
      return [201, INVITATION];
    },
  });
  await openPage(MembersPage, { at: "/?invite=1" });
  const form = await screen.findByRole("dialog", { name: "Invite somebody" });
  await user.type(within(form).getByLabelText("E-mail address"), " eve@example.com");
  await user.click(within(form).getByRole("button", { name: "Send invitation" }));
  expect(await screen.findByText("eve@example.com")).toBeVisible();
  expect(changes(asked)[0]?.body).toEqual({ email: "eve@example.com", role: "member" });
});

test("where no e-mail can be sent, the command that adds people is there to copy", async () => {
  gatewayWith([member()], [], { "POST /users": problem(503, "email_unavailable") });
  await openPage(MembersPage, { at: "/?invite=1" });
  const form = await screen.findByRole("dialog");
  await user.type(within(form).getByLabelText("E-mail address"), "eve@example.com");
  await user.click(within(form).getByRole("button", { name: "Send invitation" }));
  expect(await within(form).findByText("No e-mail can be sent from here")).toBeVisible();
  expect(form).toHaveTextContent("gapin users create --email eve@example.com --org acme --role member");
});

test("an invitation that is withdrawn is gone at once, and back if it could not be", async () => {
  gatewayWith([member()], [INVITATION], {
    [`DELETE /api/v1/invitations/${INVITATION.id}`]: problem(503, "store_unavailable"),
  });
  await openPage(MembersPage, { at: "/?tab=invitations" });
  await user.click(await screen.findByRole("button", { name: "Actions for eve@example.com" }));
  await user.click(await screen.findByRole("menuitem", { name: "Withdraw" }));
  await waitFor(() => expect(screen.queryByText("No open invitations")).toBeNull());
  expect(await screen.findByText("eve@example.com")).toBeVisible();
});

test("an invitation is sent again to whom it was sent, as what it was", async () => {
  const asked = gatewayWith([member()], [INVITATION], { "POST /users": [201, INVITATION] });
  await openPage(MembersPage, { at: "/?tab=invitations" });
  await user.click(await screen.findByRole("button", { name: "Actions for eve@example.com" }));
  await user.click(await screen.findByRole("menuitem", { name: "Send again" }));
  await waitFor(() => expect(changes(asked)).toHaveLength(1));
  expect(changes(asked)[0]?.body).toEqual({ email: "eve@example.com", role: "member" });
});

test("a viewer sees who is here, and changes nothing but their own belonging", async () => {
  gatewayWith([member({ role: "viewer" }), bob("owner")], [INVITATION]);
  await openPage(MembersPage, { role: "viewer" });
  expect(await screen.findByText("bob@example.com")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Invite" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Actions for Bob" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Actions for Ada Lovelace" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map((item) => item.textContent)).toEqual(["Leave the organisation"]);
});
