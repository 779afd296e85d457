import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { changes, gateway, openPage, page, problem, user } from "@/test-page";
import SigningKeysPage from "./index";
import type { SigningKey } from "./rules";

const SECRET = "ss_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

function key(of: Partial<SigningKey> = {}): SigningKey {
  const version = { version: 1, status: "active" as const, made_by: "", created_at: "2026-01-01T00:00:00Z" };
  return {
    key_id: "agent",
    is_default: true,
    algorithm: "HMAC-SHA256",
    status: "active",
    created_at: "2026-01-01T00:00:00Z",
    versions: [version],
    ...of,
  };
}

function gatewayWith(keys: SigningKey[], more: Parameters<typeof gateway>[0] = {}) {
  return gateway({ "GET /api/v1/signing-keys": page(...keys), "GET /api/v1/ai-systems": page(), ...more });
}

afterEach(() => vi.unstubAllGlobals());

test("a secret is shown once, with the names that the SDKs read it by", async () => {
  const asked = gatewayWith([], {
    "POST /api/v1/signing-keys": [201, { ...key({ key_id: "agent-2026" }), secret: SECRET }],
  });
  await openPage(SigningKeysPage, { at: "/?new=1" });
  const form = await screen.findByRole("dialog", { name: "Create a signing key" });
  await user.type(within(form).getByLabelText("Name"), "agent-2026");
  await user.click(within(form).getByRole("button", { name: "Create signing key" }));

  const shown = await screen.findByRole("dialog", { name: "Save this signing secret" });
  expect(within(shown).getByText(SECRET)).toBeVisible();
  expect(shown).toHaveTextContent(`GAPIN_SIGNING_SECRET=${SECRET}`);
  expect(shown).toHaveTextContent("GAPIN_SIGNING_KEY_ID=agent-2026");
  expect(changes(asked)[0]?.body).toEqual({ key_id: "agent-2026", is_default: false });
  await user.click(within(shown).getByRole("button", { name: "I have saved it" }));
  await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
});

test("a name that the gateway would refuse is refused at once, one that is taken when it says so", async () => {
  const asked = gatewayWith([key()], { "POST /api/v1/signing-keys": problem(409, "already_exists") });
  await openPage(SigningKeysPage, { at: "/?new=1" });
  const form = await screen.findByRole("dialog");
  const name = within(form).getByLabelText("Name");
  const create = within(form).getByRole("button", { name: "Create signing key" });
  await user.type(name, "env");
  await user.click(create);
  expect(within(form).getByText(/names the secret in the server's environment/)).toBeVisible();
  expect(changes(asked)).toEqual([]);
  await user.type(name, "-1");
  await user.click(create);
  expect(await within(form).findByText(/names are never given again/)).toBeVisible();
});

test("a key becomes the default, and who is it no longer is said by the list", async () => {
  let now = "agent";
  const both = () =>
    page(
      key({ key_id: "agent", is_default: now === "agent" }),
      key({ key_id: "next", is_default: now === "next" }),
    );
  const asked = gateway({
    "GET /api/v1/signing-keys": both,
    "GET /api/v1/ai-systems": page(),
    "PATCH /api/v1/signing-keys/next": () => {
      now = "next";
      return [200, key({ key_id: "next" })];
    },
  });
  await openPage(SigningKeysPage);
  await user.click(await screen.findByRole("button", { name: "Actions for next" }));
  await user.click(await screen.findByRole("menuitem", { name: "Make default" }));
  await waitFor(() => {
    const row = screen.getByRole("row", { name: /^next/ });
    expect(within(row).getByText("Default")).toBeVisible();
  });
  expect(changes(asked)).toEqual([{ call: "PATCH /api/v1/signing-keys/next", body: { is_default: true } }]);
});

test("that events without a name are refused is said where no key is the default", async () => {
  gatewayWith([key({ is_default: true, status: "revoked" }), key({ key_id: "next", is_default: false })]);
  await openPage(SigningKeysPage);
  expect(await screen.findByText("No key is the default")).toBeVisible();
});

test("each version tells what it is still good for", async () => {
  const versions = [
    { version: 3, status: "active" as const, made_by: "ada@example.com", created_at: "2026-03-01T00:00:00Z" },
    {
      version: 2,
      status: "active" as const,
      made_by: "ada@example.com",
      created_at: "2026-02-01T00:00:00Z",
      verify_until: "2999-01-01T00:00:00Z",
    },
    {
      version: 1,
      status: "expired" as const,
      made_by: "ada@example.com",
      created_at: "2026-01-01T00:00:00Z",
      verify_until: "2026-02-02T00:00:00Z",
    },
  ];
  gatewayWith([key({ versions })]);
  await openPage(SigningKeysPage, { at: "/?key=agent" });
  const panel = await screen.findByRole("complementary");
  const [newest, older, oldest] = within(panel).getAllByRole("listitem");
  expect(newest).toHaveTextContent(/v3.*Signs and verifies/);
  expect(older).toHaveTextContent(/v2.*Verifies for .* more/);
  expect(oldest).toHaveTextContent(/v1.*Verifies nothing since 2 Feb 2026/);
});

test("a rotation says how long older versions verify", async () => {
  const rotated = {
    ...key(),
    secret: SECRET,
    versions: [{ ...key().versions[0]!, version: 2 }, key().versions[0]!],
  };
  const asked = gatewayWith([key()], { "POST /api/v1/signing-keys/agent/rotate": [200, rotated] });
  await openPage(SigningKeysPage, { at: "/?rotate=agent" });
  const dialog = await screen.findByRole("dialog", { name: "Rotate agent" });
  await user.click(within(dialog).getByRole("radio", { name: "Seven more days" }));
  await user.click(within(dialog).getByRole("button", { name: "Rotate" }));
  expect(await screen.findByRole("dialog", { name: "Save the new signing secret" })).toBeVisible();
  expect(changes(asked)[0]?.body).toEqual({ verify_for_seconds: 604_800 });
});
