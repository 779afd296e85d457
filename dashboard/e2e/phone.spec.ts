/** What people change, carried through on a phone: lists are cards there, dialogs fill the screen, the menu is behind a button. */
import type { Locator, Page } from "@playwright/test";
import { event, expect, expectAccessible, expectFits, newSession, PHONE, record } from "./harness";
import { ownGateway } from "./own-gateway";

const test = ownGateway();

test.beforeEach(async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn(page);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });

/** What is pressed is the label: the radio button lies below its words. */
const choose = (within: Locator, name: string) =>
  within.getByRole("radio", { name, exact: true }).last().check({ force: true });

async function act(page: Page, name: string, what: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
  await expectFits(page);
}

/** By the name that has to be typed. */
async function confirm(page: Page, name: string, action: string): Promise<void> {
  const asked = page.getByRole("alertdialog");
  await asked.getByRole("textbox").fill(name);
  await expectFits(page);
  await asked.getByRole("button", { name: action }).click();
  await expect(asked).toBeHidden();
}

test("pages are gone to by the menu, which closes behind one", async ({ page }) => {
  for (const name of ["Sessions", "Dead letters", "Redaction"]) {
    await page.getByRole("button", { name: "Open the menu" }).click();
    await page.getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.getByRole("link", { name, exact: true })).toBeHidden();
    await expectFits(page);
  }
});

test("an API key is made, rotated and revoked", async ({ page }) => {
  await page.goto("/keys");
  await page.getByRole("button", { name: "Create key" }).first().click();
  const form = dialog(page, "Create an API key");
  await form.getByLabel("Name").fill("on the way");
  await choose(form, "Read");
  await expectFits(page);
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(dialog(page, "Save this API key").locator("code").first()).toContainText("sk_");
  await expectFits(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "I have saved it" }).click();

  await act(page, "on the way", "Rotate");
  await dialog(page, "Rotate on the way").getByRole("button", { name: "Rotate" }).click();
  await expect(dialog(page, "Save the new secret")).toBeVisible();
  await expectFits(page);
  await page.getByRole("button", { name: "I have saved it" }).click();

  await act(page, "on the way", "Revoke");
  await confirm(page, "on the way", "Revoke");
  await expect(page.getByRole("button", { name: "on the way", exact: true })).toBeHidden();
});

test("a signing key is made and revoked", async ({ page }) => {
  await page.goto("/signing-keys?new=1");
  const form = dialog(page, "Create a signing key");
  await form.getByLabel("Name").fill("pocket");
  await form.getByRole("button", { name: "Create signing key" }).click();
  await expect(dialog(page, "Save this signing secret")).toContainText("GAPIN_SIGNING_KEY_ID=pocket");
  await expectFits(page);
  await page.getByRole("button", { name: "I have saved it" }).click();
  await act(page, "pocket", "Revoke");
  await confirm(page, "pocket", "Revoke");
  await expect(page.getByRole("listitem").filter({ hasText: "pocket" }).first()).toContainText("Revoked");
});

test("a topic is created, published to, changed and deleted", async ({ page, gapin }) => {
  await page.goto("/topics?create=1");
  const create = dialog(page, "Create topic");
  await create.getByLabel("Name").fill("from-a-phone");
  await create.getByLabel("Partitions").fill("2");
  await expectFits(page);
  await create.getByRole("button", { name: "Create topic" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "from-a-phone" })).toBeVisible();
  await expectFits(page);

  await page.getByRole("button", { name: "Publish a test message" }).click();
  const publish = dialog(page, "Publish a test message");
  await publish.getByLabel("Message").fill('{"id": 7}');
  await publish.getByLabel("API key").fill(gapin.access.apiKey);
  await publish.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(publish.getByText("Published", { exact: true })).toBeVisible();
  await expectFits(page);
  await publish.getByRole("button", { name: "Show it" }).click();
  await expect(
    page.getByRole("dialog").or(page.getByRole("complementary")).getByText("offset 0").first(),
  ).toBeVisible();
  await expectFits(page);
  await page.keyboard.press("Escape");

  await page.goto("/topics/from-a-phone?tab=configuration");
  await page.getByLabel("Partitions").fill("4");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The topic is changed.")).toBeVisible();
  await expectFits(page);
  await page.getByRole("button", { name: "Delete topic" }).click();
  await confirm(page, "from-a-phone", "Delete topic");
  await expect(page).toHaveURL(/\/topics$/);
});

test("what is hidden is changed, and less only when one means it", async ({ page }) => {
  await page.goto("/redaction");
  const mode = (kind: string, name: string) =>
    page.getByRole("radiogroup", { name: new RegExp(`^${kind}`) }).getByText(name, { exact: true });
  await mode("IP addresses", "Mask").click();
  await expectFits(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("region", { name: /unsaved/ })).toBeHidden();
  await mode("IP addresses", "Off").click();
  await page.getByRole("button", { name: "Save" }).click();
  const less = page.getByRole("alertdialog", { name: "Hide less from now on?" });
  await expect(less).toContainText("IP addresses: Mask → Off");
  await expectFits(page);
  await less.getByRole("button").last().click();
  await expect(less).toBeHidden();
});

test("somebody is invited, and the invitation withdrawn", async ({ page }) => {
  await page.goto("/members?invite=1");
  const form = dialog(page, "Invite somebody");
  await form.getByLabel("E-mail address").fill("somebody.with.a.long.name@example.com");
  await form.getByRole("radio", { name: "Viewer" }).check();
  await expectFits(page);
  await form.getByRole("button", { name: "Send invitation" }).click();
  await expect(page).toHaveURL(/tab=invitations/);
  await expectFits(page);
  await act(page, "somebody.with.a.long.name@example.com", "Withdraw");
  await expect(page.getByText("No open invitations")).toBeVisible();
});

test("an AI system is registered, described and taken out", async ({ page }) => {
  await page.goto("/ai-systems?new=1");
  const form = dialog(page, "Register an AI system");
  await form.getByLabel("Name").fill("Pocket agent");
  await expectFits(page);
  await form.getByRole("button", { name: "Register AI system" }).click();
  await expect(page.getByRole("heading", { name: "Pocket agent", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Edit" }).click();
  const edit = dialog(page, "Edit Pocket agent");
  await edit.getByLabel("Description").fill("Books hotels.");
  await expectFits(page);
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Books hotels.")).toBeVisible();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Take out of the register" }).click();
  await confirm(page, "Pocket agent", "Take out");
  await expect(page).toHaveURL(/\/ai-systems$/);
});

test("settings are changed: names, the theme, how long events are kept", async ({ page }) => {
  await page.goto("/settings?tab=profile");
  await page.getByLabel("Name", { exact: true }).fill("Ada on the way");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByText("Your name is changed").first()).toBeVisible();
  await expectFits(page);
  await page.goto("/settings?tab=organisation");
  await page.getByLabel("Name", { exact: true }).fill("Pocket Travel");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("button", { name: "Open the menu" }).click();
  await expect(page.getByRole("button", { name: /^Organisation:/ })).toContainText("Pocket Travel");
  await page.keyboard.press("Escape");
  await page.goto("/settings?tab=retention");
  await page.getByRole("button", { name: "Place a hold" }).click();
  await expect(dialog(page, "Place a legal hold")).toBeVisible();
  await expectFits(page);
});

test("sessions are narrowed, opened, and their events read", async ({ page, gapin }) => {
  const session = newSession();
  const error = { code: "late", message: "no answer", recoverable: true };
  await record(gapin, [
    event(gapin, { metadata: { session_id: session } }),
    event(gapin, { event_type: "ai.error", decision: undefined, error, metadata: { session_id: session } }),
  ]);
  await page.goto("/sessions");
  await page.getByRole("switch", { name: "With errors only" }).click();
  await expect(page).toHaveURL(/errors=1/);
  await page.getByRole("button", { name: "Custom" }).click();
  await expect(page.getByLabel("From")).toBeVisible();
  await expectFits(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Custom" })).toBeFocused();
  await page.getByRole("link", { name: new RegExp(session.slice(0, 20)) }).click();
  const steps = page.getByRole("grid", { name: "Events in order" }).getByRole("row");
  await expect(steps).toHaveCount(2);
  await steps.last().click();
  await expect(page).toHaveURL(/event=/);
  await expectFits(page);
});
