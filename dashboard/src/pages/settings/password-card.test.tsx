import { QueryClientProvider } from "@tanstack/react-query";
import { configure, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient, type Schemas, SessionProvider } from "@/api";
import { PasswordCard } from "./password-card";
import { words } from "./words";

// As long as it takes on a machine that has much else to do.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const text = words.profile;
const organisation = { id: "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b", name: "acme", role: "member" };
const user: Schemas["Profile"] = {
  id: "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3c",
  email: "ada@example.com",
  name: "Ada Lovelace",
  email_verified: true,
  has_password: true,
  created_at: "2026-11-21T00:00:00Z",
};

let sent: { path: string; body: unknown }[] = [];
let answers: [number, unknown][] = [];

function shown(of: Partial<Schemas["Profile"]> = {}, isGiven = false) {
  const me: Schemas["Me"] = {
    user: { ...user, ...of },
    session_id: "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3d",
    organisation,
    organisations: [organisation],
    password_change_required: isGiven,
  };
  render(
    <QueryClientProvider client={queryClient}>
      <SessionProvider me={me}>
        <PasswordCard />
      </SessionProvider>
    </QueryClientProvider>,
  );
}

const current = () => screen.getByLabelText(text.current);
const next = () => screen.getByLabelText(text.new);
const change = () => userEvent.click(screen.getByRole("button", { name: text.change }));

beforeEach(() => {
  sent = [];
  answers = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push({ path: new URL(request.url).pathname, body: await request.json() });
    const [status, body] = answers.shift() ?? [204, undefined];
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { "Content-Type": "application/problem+json" },
    });
  });
});
afterEach(() => vi.unstubAllGlobals());

it("tells password managers which field is what, and whose it is", () => {
  shown();
  expect(current()).toHaveAttribute("autocomplete", "current-password");
  expect(next()).toHaveAttribute("autocomplete", "new-password");
  const name = document.querySelector("input[autocomplete=username]");
  expect(name).toHaveValue("ada@example.com");
});

it("says what is missing, and sends nothing until nothing is", async () => {
  shown();
  await userEvent.type(next(), "harbour");
  expect(screen.getByText(/1 more to go/)).toBeInTheDocument();
  await change();
  expect(screen.getByText(text.currentMissing)).toBeVisible();
  expect(sent).toEqual([]);

  await userEvent.type(current(), "until now");
  await userEvent.type(next(), "s and boats");
  await change();
  expect(sent).toEqual([
    { path: "/me/password", body: { current: "until now", password: "harbours and boats" } },
  ]);
  expect(current()).toHaveValue("");
  expect(next()).toHaveValue("");
});

it("tells what the gateway says of the new one at its field", async () => {
  const detail = "is one of the passwords that are tried first: take another";
  const errors = [{ pointer: "/password", code: "weak_password", detail }];
  answers = [[400, { code: "invalid_body", title: "Not taken", status: 400, detail: "No.", errors }]];
  shown();
  await userEvent.type(current(), "until now");
  await userEvent.type(next(), "password1");
  await change();
  expect(await screen.findByText("Is one of the passwords that are tried first: take another")).toBeVisible();
  expect(next()).toHaveValue("password1");
});

it("says that a password was given, and is to be replaced", () => {
  shown({}, true);
  expect(screen.getByText(text.passwordGiven)).toBeVisible();
});

it("offers a link to whoever has no password", async () => {
  answers = [[202, { detail: "On its way." }]];
  shown({ has_password: false });
  expect(screen.getByText(text.noPasswordTitle)).toBeVisible();
  expect(screen.queryByLabelText(text.current)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: text.sendLink }));
  expect(sent).toEqual([{ path: "/auth/password/forgot", body: { email: "ada@example.com" } }]);
});
