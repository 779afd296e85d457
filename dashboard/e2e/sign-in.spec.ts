/** Accounts, as people walk through them. */
import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { expect, expectAccessible, expectFits, fillSignIn, OWNER, PASSWORD, PHONE, test } from "./harness";

interface Me {
  session_id: string;
}

const REFUSED = ["status of 401", "status of 403", "status of 400", "status of 429"];

/** Ends the page's session from another browser of the same person. */
async function endElsewhere(
  page: Page,
  browser: Browser,
  gapin: Gateway,
  ownerState: BrowserContextOptions["storageState"],
): Promise<void> {
  const session = await page.evaluate(async () => ((await (await fetch("/me")).json()) as Me).session_id);
  const elsewhere = await browser.newContext({ baseURL: gapin.url, storageState: ownerState });
  const other = await elsewhere.newPage();
  await other.goto("/status");
  const ended = await other.evaluate(async (id) => {
    const token = /__Host-gapin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    return (await fetch(`/me/sessions/${id}`, { method: "DELETE", headers: { "X-CSRF-Token": token } }))
      .status;
  }, session);
  expect(ended).toBeLessThan(300);
  await elsewhere.close();
}

test.describe("signing in", () => {
  // A refusal is an answer like any other, but Chromium logs each.
  test.use({ allowed: REFUSED });

  test("a protected page sends one to sign in, and back where one wanted to go", async ({
    page,
    ownerState,
  }) => {
    expect(ownerState.cookies.length).toBeGreaterThan(0);
    await page.goto("/settings?tab=sessions");
    await expect(page).toHaveURL(/\/login\?return_to=/);
    await expectAccessible(page);
    await fillSignIn(page, OWNER, "not the password");
    await expect(page.getByRole("alert")).toContainText(
      "No account has this e-mail address with this password.",
    );
    await fillSignIn(page, OWNER, PASSWORD);
    await expect(page).toHaveURL(/\/settings\?tab=sessions$/);
    await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  });

  test("who comes back to another site's address stays here", async ({ page, ownerState }) => {
    expect(ownerState.cookies.length).toBeGreaterThan(0);
    await page.goto("/login?return_to=//evil.example/");
    await fillSignIn(page, OWNER, PASSWORD);
    await page.waitForURL((url) => url.pathname === "/live" || url.pathname === "/start");
    expect(new URL(page.url()).hostname).toBe("localhost");
  });

  test("who a provider refused is told why, in words of ours", async ({ page }) => {
    await page.goto("/login?refused=provider_sign_in_failed&with=github");
    await expect(page.getByText(/^GitHub did not sign you in/)).toBeVisible();
    await expectAccessible(page);
    await page.goto("/login?refused=Call%200800-EVIL&with=Evil");
    await expect(page.getByText("Signing in with this provider is not possible here.")).toBeVisible();
    await expect(page.getByText(/evil/i)).toHaveCount(0);
    // No such provider here: a browser that goes there all the same is brought back.
    await page.goto("/auth/oauth/google/start");
    await expect(page).toHaveURL("/login?refused=not_found&with=google");
    await expect(page.getByText(/^Signing in with Google is not possible here/)).toBeVisible();
  });

  test("a session that is ended elsewhere is begun again over the page", async ({
    page,
    ownerState,
    browser,
    gapin,
  }) => {
    await page.goto("/login?return_to=/settings?tab=theme");
    await fillSignIn(page, OWNER, PASSWORD);
    await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
    await endElsewhere(page, browser, gapin, ownerState);

    await page.getByRole("link", { name: "Topics" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in again" });
    await expect(dialog).toBeVisible();
    await expectAccessible(page, "[role=dialog]");
    await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("heading", { level: 1, name: "Topics" })).toBeVisible();
    await expect(page).toHaveURL(/\/topics$/);
  });
});

test.describe("a session that ends", () => {
  test.use({ allowed: REFUSED });

  test("while events are watched is begun again, and they go on coming", async ({
    page,
    ownerState,
    browser,
    gapin,
  }) => {
    await page.goto("/login?return_to=/live");
    await fillSignIn(page, OWNER, PASSWORD);
    const pill = page.getByRole("main").getByRole("status").first();
    await expect(pill).toHaveText("Live");
    await endElsewhere(page, browser, gapin, ownerState);

    const dialog = page.getByRole("dialog", { name: "Sign in again" });
    await expect(dialog).toBeVisible({ timeout: 60_000 });
    await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(pill).toHaveText("Live");
  });
});

test("somebody registers, confirms the address, and is in", async ({ page, gapin }) => {
  await page.goto("/register");
  await expectAccessible(page);
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await expect(page.getByText("8 characters or more")).toContainText("missing");
  await page.getByLabel("Password", { exact: true }).fill("a harbour by night");
  await expect(page.getByText("8 characters or more")).toContainText("met");
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByText("Without your agreement there is no account.")).toBeVisible();
  await page.getByRole("checkbox").click();
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
  const link = () => /\/verify-email\?token=[\w-]+/.exec(gapin.said)?.[0];
  await expect.poll(link).toBeDefined();
  await page.goto(link() ?? "");
  // Of no organisation yet: that is said, and one can be made.
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).not.toHaveURL(/token=/);
  await page.waitForURL((url) => !url.pathname.startsWith("/verify-email"));
});

test("the pages of those who are not signed in fit a phone", async ({ page }) => {
  await page.setViewportSize(PHONE);
  for (const path of [
    "/login",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/invitation",
    "/no/such/page",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading").first()).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
  }
});
