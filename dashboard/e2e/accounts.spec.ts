/** The ways into an account besides signing in: a forgotten password, and an invitation. */
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { expect, expectAccessible, expectFits, fillSignIn, PHONE, test } from "./harness";
import { addPerson } from "./operator";

const NEW_PASSWORD = "two herons over the weir";

// A refusal is an answer like any other, but Chromium logs each.
test.use({ allowed: ["status of 400", "status of 401", "status of 403", "status of 404", "status of 410"] });

/** The newest link of this kind that was sent; it is written to the log where there is no mail server. */
const linksTo = (gapin: Gateway, path: string) =>
  gapin.said.match(new RegExp(`${path}\\?token=[\\w-]+`, "g")) ?? [];

/** The page as it is read by those who cannot see it, and on a phone. */
async function expectGood(page: Page): Promise<void> {
  await expectAccessible(page);
  const before = page.viewportSize();
  await page.setViewportSize(PHONE);
  await expectFits(page);
  if (before !== null) await page.setViewportSize(before);
}

/** The owner invites somebody; answers the link of the e-mail. */
async function invite(page: Page, gapin: Gateway, email: string): Promise<string> {
  const before = linksTo(gapin, "/invitation").length;
  await page.goto("/members");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Invite somebody" });
  await form.getByLabel("E-mail address").fill(email);
  await form.getByRole("button", { name: "Send invitation" }).click();
  await expect(form).toBeHidden();
  await expect.poll(() => linksTo(gapin, "/invitation").length).toBeGreaterThan(before);
  return linksTo(gapin, "/invitation").at(-1) ?? "";
}

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies();
}

test("a forgotten password is set anew, once", async ({ page, gapin }) => {
  await addPerson(gapin, "mona@example.com", "member");
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("E-mail").fill("mona@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
  await expect(page.getByText("mona@example.com")).toBeVisible();
  await expectGood(page);

  await expect.poll(() => linksTo(gapin, "/reset-password").length).toBeGreaterThan(0);
  const link = linksTo(gapin, "/reset-password").at(-1) ?? "";
  await page.goto(link);
  await expect(page).not.toHaveURL(/token=/);
  await page.getByLabel("New password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Set it" }).click();
  await expect(page.getByText("8 characters or more")).toContainText("missing");
  await expectGood(page);
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Set it" }).click();
  await expect(page.getByText("Your new password is set. Sign in with it.")).toBeVisible();
  await fillSignIn(page, "mona@example.com", NEW_PASSWORD);
  await expect(page.getByRole("button", { name: "Organisation: dev" })).toBeVisible();

  await signOut(page);
  await page.goto(link);
  await page.getByLabel("New password", { exact: true }).fill("another harbour at noon");
  await page.getByRole("button", { name: "Set it" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectGood(page);
  await page.getByRole("link", { name: "Ask for another link" }).click();
  await expect(page.getByRole("heading", { name: "Forgot your password" })).toBeVisible();
});

test("who is new is invited, agrees to the terms, and is in", async ({ page, signIn, gapin }) => {
  await signIn(page);
  const link = await invite(page, gapin, "nina@example.com");
  await signOut(page);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "You are invited" })).toBeVisible();
  await expect(page).not.toHaveURL(/token=/);
  await page.getByLabel("Your name").fill("Nina");
  await page.getByLabel("E-mail").fill("nina@example.com");
  await page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Make the account and join" }).click();
  await expect(page.getByText("Without your agreement there is no account.")).toBeVisible();
  await expectGood(page);
  await page.getByRole("checkbox").click();
  await page.getByRole("button", { name: "Make the account and join" }).click();
  await page.waitForURL((url) => url.pathname === "/live" || url.pathname === "/start");
  await expect(page.getByRole("button", { name: "Organisation: dev" })).toBeVisible();

  // The link was good for one use.
  await signOut(page);
  await page.goto(link);
  await page.getByLabel("Your name").fill("Nora");
  await page.getByLabel("E-mail").fill("nina@example.com");
  await page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("checkbox").click();
  await page.getByRole("button", { name: "Make the account and join" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
});

test("who has an account signs in and accepts, and somebody else can't", async ({ page, signIn, gapin }) => {
  const password = await addPerson(gapin, "otto@example.com", "viewer");
  await signIn(page);
  // Otto leaves, and is invited again.
  await page.goto("/members");
  await page.getByRole("button", { name: "Actions for otto" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  const removal = page.getByRole("alertdialog", { name: "Remove otto?" });
  await removal.getByRole("textbox").fill("otto@example.com");
  await removal.getByRole("button", { name: "Remove" }).click();
  await expect(removal).toBeHidden();
  const link = await invite(page, gapin, "otto@example.com");

  // The owner opens it, who is not meant.
  await page.goto(link);
  await page.getByRole("button", { name: "Accept the invitation" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectGood(page);
  await page.getByRole("button", { name: "Sign in as somebody else" }).click();
  await page.getByText("I have an account", { exact: true }).click();
  await expectGood(page);
  await fillSignIn(page, "otto@example.com", password);
  await page.getByRole("button", { name: "Accept the invitation" }).click();
  await page.waitForURL((url) => url.pathname === "/live" || url.pathname === "/start");
});
