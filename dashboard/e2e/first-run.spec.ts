/** The first ten minutes of somebody new, as they are walked: keys, first event, its session, the metrics, the end of the key. */
import { expect, expectAccessible, expectFits, OWNER, PHONE, test } from "./harness";
import { walkFirstRun } from "./walks";

test("somebody new makes keys, sends an event, finds it, sees it counted, and revokes the key", async ({
  page,
  signIn,
}) => {
  await signIn(page);
  await walkFirstRun(page);
});

test("the first run fits a phone", async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn(page);
  await page.goto("/start");
  await expect(page.getByRole("heading", { level: 1, name: "Get started" })).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Open the menu" }).click();
  await expect(page.getByRole("link", { name: "Topics" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Topics" }).click();
  await expect(page).toHaveURL(/\/topics$/);
  await expect(page.getByText(OWNER)).toBeHidden();
});
