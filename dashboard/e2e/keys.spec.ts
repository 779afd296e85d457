/** API keys and signing keys as a person makes, rotates and revokes them, and as a program finds them. */
import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectFits, PHONE, test } from "./harness";

/** What a program with this key is answered. */
async function statusWith(url: string, key: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/metrics/throughput`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  return answer.status;
}

/** What is pressed is the label: the radio button lies below its words. */
const choose = (within: Locator, name: string) =>
  within.getByRole("radio", { name, exact: true }).last().check({ force: true });

const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });
const shownSecret = (page: Page, beginning: string) =>
  page.getByRole("dialog").locator("code").filter({ hasText: beginning }).first().innerText();

test.describe("an API key", () => {
  test("is made, used, rotated and revoked", async ({ page, signIn, gapin, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page);
    await page.goto("/keys?new=1");
    const form = dialog(page, "Create an API key");
    await form.getByLabel("Name").fill("statistics");
    await choose(form, "Read");
    await choose(form, "90 days");
    await expectAccessible(page);
    await form.getByRole("button", { name: "Create key" }).click();

    const saved = dialog(page, "Save this API key");
    await expect(saved).toBeVisible();
    const first = await shownSecret(page, "sk_");
    await saved.getByRole("button", { name: "Copy" }).first().click();
    await expect(saved.getByText("Copied").first()).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first);
    await expectAccessible(page);
    expect(page.url()).not.toContain("sk_");
    await page.keyboard.press("Escape");
    await page.mouse.click(5, 5);
    await expect(saved).toBeVisible();
    await saved.getByRole("button", { name: "I have saved it" }).click();
    await expect(saved).toBeHidden();
    expect(await page.content()).not.toContain(first);
    expect(await statusWith(gapin.url, first)).toBe(200);

    // What it has used of its limits is told beside the list.
    await page.getByRole("button", { name: "statistics", exact: true }).click();
    const panel = page.getByRole("complementary", { name: "statistics" });
    await expect(panel.getByText("1 of 1,000 used")).toBeVisible();
    await expect(panel.getByText("0 of 100,000 used")).toBeVisible();
    await expect(panel.getByRole("meter").first()).toHaveAttribute("aria-valuenow", "1");
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Actions for statistics" }).click();
    await page.getByRole("menuitem", { name: "Rotate" }).click();
    const rotation = dialog(page, "Rotate statistics");
    await choose(rotation, "Not any more");
    await rotation.getByRole("button", { name: "Rotate" }).click();
    await expect(dialog(page, "Save the new secret")).toContainText("refused from now on");
    const second = await shownSecret(page, "sk_");
    await page.getByRole("button", { name: "I have saved it" }).click();
    expect(second).not.toBe(first);
    await expect.poll(() => statusWith(gapin.url, first)).toBe(401);
    expect(await statusWith(gapin.url, second)).toBe(200);

    await page.getByRole("button", { name: "Actions for statistics" }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    const revocation = page.getByRole("alertdialog", { name: "Revoke statistics?" });
    await expect(revocation.getByRole("button", { name: "Revoke" })).toBeDisabled();
    await revocation.getByRole("textbox").fill("statistics");
    await expectAccessible(page);
    await revocation.getByRole("button", { name: "Revoke" }).click();
    await expect(revocation).toBeHidden();
    await expect.poll(() => statusWith(gapin.url, second)).toBe(401);
    await expect(page.getByRole("button", { name: "statistics", exact: true })).toBeHidden();
    await choose(page.locator("main"), "Ended");
    await expect(page.getByRole("row", { name: /^statistics/ })).toContainText("Revoked");
  });

  test.describe("that is refused", () => {
    test.use({ allowed: ["status of 400", "status of 409"] });

    test("says why at the field", async ({ page, signIn }) => {
      await signIn(page);
      await page.goto("/keys?new=1");
      const form = dialog(page, "Create an API key");
      await form.getByLabel("Name").fill("bounded");
      await form.getByText("Where from, and how much").click();
      await form.getByLabel("Allowed addresses").fill("10.0.0.0/8\nhere");
      await form.getByLabel("Requests in a minute").fill("1,000,000");
      await form.getByRole("button", { name: "Create key" }).click();
      await expect(form.getByText(/^Line 2: must be an IP address/)).toBeVisible();
      await expect(form.getByText(/^Must be/)).toHaveCount(0);
      await form.getByLabel("Allowed addresses").fill("10.0.0.0/8");
      await form.getByRole("button", { name: "Create key" }).click();
      await expect(form.getByText(/^Must be at most 1000/)).toBeVisible();
      await expectAccessible(page);
      await form.getByLabel("Requests in a minute").fill("");
      await form.getByLabel("Name").fill("dev");
      await form.getByRole("button", { name: "Create key" }).click();
      await expect(form.getByText("Another key that is not revoked has this name.")).toBeVisible();
    });
  });

  test("is changed in what was touched alone, and its end is warned of", async ({ page, signIn }) => {
    await signIn(page);
    await page.goto("/keys?new=1");
    const form = dialog(page, "Create an API key");
    await form.getByLabel("Name").fill("short-lived");
    await choose(form, "Custom");
    const soon = new Date(Date.now() + 3 * 86_400_000 + 3_600_000);
    await form.getByLabel("Day and time").fill(`${soon.toISOString().slice(0, 10)}T23:30`);
    await form.getByRole("button", { name: "Create key" }).click();
    await page.getByRole("button", { name: "I have saved it" }).click();
    const row = page.getByRole("row", { name: /^short-lived/ });
    await expect(row).toContainText("Ends in 3 days");
    await page.getByRole("button", { name: "Change the end of short-lived" }).click();
    const edit = dialog(page, "Edit short-lived");
    await choose(edit, "Never");
    let sent: unknown;
    await page.route("**/api/v1/keys/*", async (route) => {
      if (route.request().method() === "PATCH") sent = route.request().postDataJSON();
      await route.continue();
    });
    await edit.getByRole("button", { name: "Save changes" }).click();
    await expect(edit).toBeHidden();
    expect(sent).toEqual({ expires_at: null });
    await expect(row).toContainText("Never");
    await expect(page.getByText("ends soon")).toBeHidden();
  });

  test("is shown whole beside the list, on a phone in its place", async ({ page, signIn }) => {
    await signIn(page);
    await page.goto("/keys");
    await page.getByRole("table").getByRole("button", { name: "dev", exact: true }).click();
    const panel = page.getByRole("complementary", { name: "dev" });
    await expect(panel).toContainText("From everywhere");
    await expectAccessible(page);
    await expect(page).toHaveURL(/key=/);
    await page.keyboard.press("Escape");
    await expect(panel).toBeHidden();
    await page.setViewportSize(PHONE);
    await expectFits(page);
    await expectAccessible(page);
    await page.goto("/keys?new=1");
    await expect(dialog(page, "Create an API key")).toBeVisible();
    await expectFits(page);
  });
});

test.describe("a signing key", () => {
  test("is made, rotated, made the default and revoked", async ({ page, signIn }) => {
    await signIn(page);
    await page.goto("/signing-keys");
    await page.getByRole("heading", { name: "Signing keys", level: 1 }).waitFor();
    await page.keyboard.press("c");
    const form = dialog(page, "Create a signing key");
    await form.getByLabel("Name").fill("agent-2026");
    await form.getByRole("button", { name: "Create signing key" }).click();
    const saved = dialog(page, "Save this signing secret");
    await expect(saved).toContainText("GAPIN_SIGNING_KEY_ID=agent-2026");
    const first = await shownSecret(page, "ss_");
    await expectAccessible(page);
    await saved.getByRole("tab", { name: "JavaScript" }).click();
    await expect(saved).toContainText("@gapin/sdk");
    await saved.getByRole("button", { name: "I have saved it" }).click();

    await page.getByRole("button", { name: "Actions for agent-2026" }).click();
    await page.getByRole("menuitem", { name: "Rotate" }).click();
    await dialog(page, "Rotate agent-2026").getByRole("button", { name: "Rotate" }).click();
    await expect(dialog(page, "Save the new signing secret")).toContainText("is taken until");
    expect(await shownSecret(page, "ss_")).not.toBe(first);
    await page.getByRole("button", { name: "I have saved it" }).click();

    await page.getByRole("button", { name: "agent-2026", exact: true }).click();
    const panel = page.getByRole("complementary", { name: "agent-2026" });
    await expect(panel.getByRole("listitem")).toHaveCount(2);
    await expect(panel.getByRole("listitem").first()).toContainText("Signs and verifies");
    await expect(panel.getByRole("listitem").last()).toContainText("Verifies for 23 hours more");
    await expect(panel.getByText("Never verified an event")).toHaveCount(2);
    await expectAccessible(page);
    await panel.getByRole("button", { name: "Make default" }).click();
    await expect(page.getByText("agent-2026 is the default now.")).toBeVisible();
    const isDefault = page.getByRole("row", { name: /^agent-2026/ }).getByText("Default");
    await expect(isDefault).toBeVisible();

    await panel.getByRole("button", { name: "Revoke" }).click();
    const revocation = page.getByRole("alertdialog");
    await expect(revocation).toContainText("It is the default");
    await revocation.getByRole("textbox").fill("agent-2026");
    await revocation.getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("No key is the default")).toBeVisible();
    await page.keyboard.press("Escape");
    await page.setViewportSize(PHONE);
    await expectFits(page);
    await expectAccessible(page);
  });
});
