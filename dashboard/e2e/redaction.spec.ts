/** What is hidden: the switches, own rules, the live preview, and that it holds for the next event. */
import type { Page } from "@playwright/test";
import { event, expect, expectAccessible, expectFits, PHONE, record } from "./harness";
import { ownGateway } from "./own-gateway";

const test = ownGateway();

const preview = (page: Page) => page.getByRole("region", { name: "Live preview" });
const result = (page: Page) => preview(page).getByRole("region", { name: "Redacted" });
const mode = (page: Page, kind: string, name: string) =>
  page.getByRole("radiogroup", { name: new RegExp(`^${kind}`) }).getByText(name, { exact: true });

async function open(page: Page): Promise<void> {
  await page.goto("/redaction");
  await page.getByRole("heading", { name: "Kinds", level: 2 }).waitFor();
}

test("the preview shows what the switches hide, before they are saved", async ({ page, signIn }) => {
  await signIn(page);
  await open(page);
  await expectAccessible(page);
  await preview(page).getByRole("button", { name: "Insert an example" }).click();
  for (const kind of ["email", "phone", "ssn", "credit_card", "iban", "password"]) {
    await expect(result(page)).toContainText(`[REDACTED:${kind}]`);
  }
  await expect(result(page)).toContainText("203.0.113.7");
  const findings = preview(page).getByRole("list", { name: "What was hidden" });
  await expect(findings.getByRole("button", { name: /^1: E-mail addresses/ })).toBeVisible();

  await mode(page, "E-mail addresses", "Pseudonym").click();
  await mode(page, "IP addresses", "Mask").click();
  await expect(result(page)).toContainText(/\[EMAIL:[a-z2-7]{20}\]/);
  await expect(result(page)).toContainText("[REDACTED:ip_address]");
  await expect(preview(page)).toContainText("with your unsaved changes");
  await expectAccessible(page);

  await findings.getByRole("button", { name: /^1: / }).click();
  await expect(result(page).locator("mark").first()).toBeFocused();

  const bar = page.getByRole("region", { name: "2 unsaved changes" });
  await bar.getByText("2 unsaved changes").click();
  await expect(bar).toContainText("E-mail addresses: Mask → Pseudonym");
  await bar.getByRole("button", { name: "Discard" }).click();
  await expect(bar).toBeHidden();
  await expect(result(page)).toContainText("[REDACTED:email]");
});

test.describe("what the gateway refuses", () => {
  // A pattern is tried as it is typed, and Chromium logs each refusal.
  test.use({ allowed: ["status of 400"] });

  test("an own rule is written, tried, saved, and holds for the next event", async ({
    page,
    signIn,
    gapin,
  }) => {
    await signIn(page);
    await open(page);
    await page.getByRole("button", { name: "Add rule" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a rule" });
    await dialog.getByLabel("Name").fill("Employee");
    await expect(dialog.getByText("Small letters a–z, digits and _ alone, at most 32.")).toBeVisible();
    await dialog.getByLabel("Name").fill("employee");
    await dialog.getByLabel("Regular expression").fill("E*");
    await expect(dialog.getByText(/It can match 0 bytes/)).toBeVisible();
    await expectAccessible(page);
    await dialog.getByLabel("Regular expression").fill("EMP-[0-9]{6}");
    await dialog.getByLabel("Try it on a text").fill("Ask EMP-104711 or ann@example.com");
    await expect(dialog.getByText("The rule finds 1 text.")).toBeVisible();
    await expect(dialog.getByRole("region", { name: "Redacted" })).toHaveText(
      "Ask [REDACTED:custom:employee] or ann@example.com",
    );
    await dialog.getByRole("button", { name: "Apply" }).click();
    await expect(dialog).toBeHidden();

    await page.getByRole("button", { name: "Add rule" }).click();
    await dialog.getByLabel("Name").fill("user");
    await dialog.getByText("What stands in a place").click();
    await dialog.getByLabel("JSON pointer").fill("/event_id");
    await expect(dialog.getByText(/It would hide `event_id`/)).toBeVisible();
    await dialog.getByLabel("JSON pointer").fill("/metadata/user_id");
    await dialog.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("button", { name: "user: …" }).click();
    await page.getByRole("menuitem", { name: "Move up" }).click();
    await expect(page.getByRole("region", { name: "Own rules" }).getByRole("listitem").first()).toContainText(
      "user",
    );

    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("region", { name: /unsaved/ })).toBeHidden();
    await expect(page.getByText("Version 1 of the settings")).toBeVisible();

    const metadata = { session_id: "own-rule", user_id: "ann" };
    const decision = { type: "ask", logic: "EMP-104711 asked", options: [], chosen: null, confidence: 1 };
    const stored = async () => {
      const [id = ""] = await record(gapin, [event(gapin, { metadata, decision })]);
      const headers = { Authorization: `Bearer ${gapin.access.apiKey}` };
      return (await fetch(`${gapin.url}/aibbar/events/${id}`, { headers })).text();
    };
    await expect.poll(stored).toContain("[REDACTED:custom:employee] asked");
    expect(await stored()).toContain('"user_id":"[REDACTED:custom:user]"');
  });
});

test("less is hidden only when one means it, and nothing is lost by leaving", async ({ page, signIn }) => {
  await signIn(page);
  await open(page);
  await mode(page, "Bank accounts", "Off").click();
  await page.getByRole("link", { name: "Status" }).click();
  const leave = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await expect(leave).toContainText("1 change is not saved");
  await expectAccessible(page);
  await leave.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(/\/redaction$/);

  await page.getByRole("button", { name: "Save" }).click();
  const less = page.getByRole("alertdialog", { name: "Hide less from now on?" });
  await expect(less).toContainText("Bank accounts: Mask → Off");
  await less.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Status" }).click();
  await leave.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(/\/status$/);
});

test("the key of pseudonyms is erased by who types the organisation's name", async ({ page, signIn }) => {
  await signIn(page);
  await open(page);
  await mode(page, "Telephone numbers", "Pseudonym").click();
  await page.getByRole("button", { name: "Save" }).click();
  const card = page.getByRole("region", { name: "Key of the pseudonyms" });
  await expect(card).toContainText(/No\. \d/);
  const number = /No\. (\d+)/.exec(await card.innerText())?.[1];
  await card.getByRole("button", { name: "Erase the key" }).click();
  const confirm = page.getByRole("alertdialog", { name: "Erase the key of the pseudonyms?" });
  const erase = confirm.getByRole("button", { name: "Erase the key" });
  await expect(erase).toBeDisabled();
  await confirm.getByRole("textbox").fill("dev");
  await expectAccessible(page);
  await erase.click();
  await expect(card).toContainText(`No. ${Number(number) + 1}`);
});

test("on a phone", async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn(page);
  await open(page);
  await mode(page, "Secrets", "Pseudonym").click();
  await preview(page).getByRole("button", { name: "Insert an example" }).click();
  await expect(result(page)).toContainText("[REDACTED:iban]");
  await expectFits(page);
  await expectAccessible(page);
});
