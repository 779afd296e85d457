/** Settings: of the organisation, of retention and legal holds, and of one's own account. */
import type { Page } from "@playwright/test";
import {
  event,
  expect,
  expectAccessible,
  expectFits,
  fillSignIn,
  OWNER,
  PASSWORD,
  PHONE,
  record,
} from "./harness";
import { ownGateway } from "./own-gateway";

const test = ownGateway();

async function open(page: Page, tab: string): Promise<void> {
  await page.goto(`/settings?tab=${tab}`);
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
}

test("the organisation is renamed, and takes registered AI systems alone", async ({ page, signIn }) => {
  await signIn(page);
  await open(page, "organisation");
  await expectAccessible(page);
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("x".repeat(65));
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByText("One line of 1 to 64 characters")).toBeVisible();
  await name.fill("Acme Travel");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByRole("button", { name: /^Organisation:/ })).toContainText("Acme Travel");

  await page.getByRole("switch", { name: "Take events of registered AI systems alone" }).click();
  const confirm = page.getByRole("alertdialog");
  await expect(confirm).toContainText(/registered/);
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Refuse them" }).click();
  const only = page.getByRole("switch", { name: "Take events of registered AI systems alone" });
  await expect(only).toBeChecked();
  await only.click();
  await expect(only).not.toBeChecked();
});

test("another organisation is made and put to use", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/settings?tab=organisation&new=1");
  const dialog = page.getByRole("dialog", { name: "Create an organisation" });
  await dialog.getByLabel("Name").fill("Acme Research");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Create and use it" }).click();
  const organisation = page.getByRole("button", { name: /^Organisation:/ });
  await expect(organisation).toContainText("Acme Research");
  await organisation.click();
  await page.getByRole("menuitem", { name: "Use Acme Travel" }).click();
  await expect(organisation).toContainText("Acme Travel");
});

test("a shorter retention says what it drops, and asks for the name", async ({ page, signIn, gapin }) => {
  const old = new Date(Date.now() - 60 * 86_400_000).toISOString();
  await record(gapin, [event(gapin, { timestamp: old })]);
  await signIn(page);
  await open(page, "retention");
  await expect(page.getByText("Events are kept for 400 days.")).toBeVisible();
  await page.getByText("For a number of days of your own").click();
  const days = page.getByLabel("Days", { exact: true });
  await days.fill("0");
  await expect(page.getByText(/A whole number from 1 to/)).toBeVisible();
  await days.fill("30");
  await expect(page.getByText("There are events that old; the newest of them is of")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  const confirm = page.getByRole("alertdialog", { name: "Drop older events?" });
  await confirm.getByRole("textbox").fill("Acme Travel");
  await confirm.getByRole("button", { name: "Shorten and drop" }).click();
  await expect(page.getByText("Events are kept for 30 days.")).toBeVisible();
  await page
    .getByText(/As long as the installation says/)
    .first()
    .click();
  await expect(page.getByText("what was dropped already does not come back")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Events are kept for 400 days.")).toBeVisible();
});

test("a legal hold is placed and released, each with its reason", async ({ page, signIn }) => {
  await signIn(page);
  await open(page, "retention");
  await page.getByRole("button", { name: "Place a hold" }).click();
  const dialog = page.getByRole("dialog", { name: "Place a legal hold" });
  await dialog.getByRole("button", { name: "Place a hold" }).click();
  await expect(dialog.getByText("Say why.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("Doe v. Acme\n<b>Travel</b>");
  await dialog.getByLabel("Name").fill("case 4711");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Place a hold" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("A legal hold covers everything")).toBeVisible();
  const row = page.getByRole("row", { name: /case 4711: Doe v\. Acme/ });
  await row.getByRole("button", { name: "Everything" }).click();
  const details = page.getByRole("dialog", { name: "Legal hold" });
  await expect(details).toContainText("<b>Travel</b>");
  await expectAccessible(page);
  await details.getByRole("button", { name: "Close" }).last().click();

  await row.getByRole("button", { name: /actions/i }).click();
  await page.getByRole("menuitem", { name: "Release" }).click();
  const release = page.getByRole("dialog", { name: "Release this hold?" });
  await release.getByLabel("Reason").fill("The case is closed");
  await release.getByRole("button", { name: "Release the hold" }).click();
  await expect(page.getByText("No active legal hold")).toBeVisible();
  await page.getByLabel("Which holds").getByText("Released").click();
  await expect(page.getByRole("row", { name: /case 4711/ })).toBeVisible();
  await expectAccessible(page);
});

test("the theme holds from page to page", async ({ page, signIn }) => {
  await signIn(page);
  await open(page, "theme");
  await page.getByText("Light text on a dark page.").click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
  await page.getByText("Light by day and dark by night").click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
});

test("every tab on a phone", async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn(page);
  for (const tab of ["organisation", "retention", "sessions", "profile", "theme"]) {
    await open(page, tab);
    await page.getByRole("tabpanel").getByRole("heading", { level: 2 }).first().waitFor();
    await expectFits(page);
    await expectAccessible(page);
  }
});

test.describe("of one's own account", () => {
  test.use({ allowed: ["status of 401", "status of 400"] });

  test("the password is changed, and what is missing is told", async ({ page, signIn }) => {
    await signIn(page);
    await open(page, "profile");
    await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Your name is changed")).toBeVisible();

    const current = page.getByLabel("Current password");
    const next = page.getByLabel("New password");
    await current.fill("another one");
    await next.fill("harbour");
    await expect(page.getByText("has at least 8 characters, 1 more to go")).toBeVisible();
    await next.fill("a louder harbour at noon");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("This is not your current password.")).toBeVisible();
    await expectAccessible(page);
    await current.fill(PASSWORD);
    await next.fill("password123");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("Is one of the passwords that are tried first: take another")).toBeVisible();
    await next.fill("a louder harbour at noon");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("Your password is changed, and all other sessions have ended")).toBeVisible();
    await expect(current).toHaveValue("");
  });

  test("a session is ended, and then all of them", async ({ page, browser, gapin }) => {
    const password = "a louder harbour at noon";
    await page.goto("/login");
    await fillSignIn(page, OWNER, password);
    await page.waitForURL((url) => url.pathname !== "/login");
    const other = await browser.newContext({ baseURL: gapin.url, userAgent: "curl/8.5.0" });
    const there = await other.newPage();
    await there.goto("/login");
    await fillSignIn(there, OWNER, password);
    await there.waitForURL((url) => url.pathname !== "/login");
    await other.close();

    await open(page, "sessions");
    await expect(page.getByRole("row", { name: /Headless Chrome on Linux This device/ })).toBeVisible();
    await expectAccessible(page);
    const curl = page.getByRole("row", { name: /curl 8\.5\.0/ });
    await curl.getByRole("button", { name: "End: curl 8.5.0" }).click();
    const end = page.getByRole("alertdialog", { name: "End this session?" });
    await expect(end).toContainText("curl 8.5.0 is signed out");
    await end.getByRole("button", { name: "End the session" }).click();
    await expect(curl).toBeHidden();

    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    const everywhere = page.getByRole("alertdialog", { name: "Sign out everywhere?" });
    await everywhere.getByRole("button", { name: "Sign out everywhere" }).click();
    await expect(page).toHaveURL(/\/login/);
    await expect(page.getByLabel("E-mail")).toBeVisible();
  });
});
