/** Members, invitations and roles, as an owner manages them and as others see them. */
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectFits, fillSignIn, PHONE, test } from "./harness";
import { addPerson } from "./operator";

const menuOf = (page: Page, name: string) => page.getByRole("button", { name: `Actions for ${name}` });

test("a role is given, and taken with the membership", async ({ page, signIn, gapin }) => {
  await addPerson(gapin, "bob@example.com", "viewer");
  await signIn(page);
  await page.goto("/members");
  await menuOf(page, "bob").click();
  await page.getByRole("menuitem", { name: "Change role" }).click();
  const change = page.getByRole("dialog", { name: "The role of bob" });
  await expect(change.getByRole("radio", { name: "Viewer" })).toBeChecked();
  await change.getByRole("radio", { name: "Admin" }).check();
  await expectAccessible(page);
  await change.getByRole("button", { name: "Change role" }).click();
  await expect(page.getByRole("row", { name: /bob@example.com/ })).toContainText("Admin");

  await menuOf(page, "bob").click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  const removal = page.getByRole("alertdialog", { name: "Remove bob?" });
  await removal.getByRole("textbox").fill("bob@example.com");
  await expectAccessible(page);
  await removal.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("row", { name: /bob@example.com/ })).toBeHidden();
});

test("the last owner stays, and is told why", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/members");
  await menuOf(page, "Owner").click();
  await expect(page.getByRole("menuitem", { name: /^Leave the organisation/ })).toBeDisabled();
  await expect(page.getByText("The last owner stays").first()).toBeVisible();
});

test("an invitation is sent, sent again and withdrawn", async ({ page, signIn, gapin }) => {
  await signIn(page);
  await page.goto("/members");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Invite somebody" });
  await form.getByLabel("E-mail address").fill("eve@example.com");
  await form.getByRole("radio", { name: "Viewer" }).check();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Send invitation" }).click();
  await expect(page).toHaveURL(/tab=invitations/);
  const row = page.getByRole("row", { name: /^eve@example.com/ });
  await expect(row).toContainText("Viewer");
  await expect(row).toContainText("in 6 days");
  await expectAccessible(page);
  const links = () => gapin.said.match(/\/invitation\?token=[\w-]+/g) ?? [];
  await expect.poll(links).toHaveLength(1);

  await menuOf(page, "eve@example.com").click();
  await page.getByRole("menuitem", { name: "Send again" }).click();
  await expect(page.getByText(/Sent to eve@example.com again/)).toBeVisible();
  await expect.poll(() => new Set(links()).size).toBe(2);
  await expect(row).toHaveCount(1);

  await menuOf(page, "eve@example.com").click();
  await page.getByRole("menuitem", { name: "Withdraw" }).click();
  await expect(page.getByText("No open invitations")).toBeVisible();
});

test("what roles may is told, on a phone too", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/members?tab=roles");
  const row = page.getByRole("row", { name: /keys:manage/ });
  await expect(row.getByRole("cell")).toHaveText(["no", "no", "yes", "yes"]);
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectFits(page);
  await page.goto("/members");
  await expect(page.getByRole("list", { name: "Members" })).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
});

test.describe("a viewer", () => {
  test.use({ allowed: ["status of 403", "status of 401"] });

  test("sees who is here, and is offered nothing that a viewer may not", async ({ page, gapin }) => {
    const password = await addPerson(gapin, "vera@example.com", "viewer");
    await page.goto("/login");
    await fillSignIn(page, "vera@example.com", password);
    await page.waitForURL((url) => url.pathname !== "/login");
    await page.goto("/members");
    await expect(page.getByRole("row", { name: /owner@localhost/ })).toContainText("Owner");
    await expect(page.getByRole("button", { name: "Invite", exact: true })).toBeHidden();
    await expect(menuOf(page, "Owner")).toBeHidden();
    await menuOf(page, "vera").click();
    await expect(page.getByRole("menuitem")).toHaveText(["Leave the organisation"]);
    await page.keyboard.press("Escape");

    await page.goto("/keys");
    await expect(page.getByText(/keys:manage/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Create key" })).toBeHidden();
    await page.goto("/audit");
    await expect(page.getByText(/audit:read/)).toBeVisible();
    await expectAccessible(page);

    await page.goto("/members?leave=1");
    const leaving = page.getByRole("alertdialog", { name: "Leave dev?" });
    await leaving.getByRole("textbox").fill("dev");
    await leaving.getByRole("button", { name: "Leave" }).click();
    await expect(page.getByRole("row", { name: /owner@localhost/ })).toBeHidden();
  });
});
