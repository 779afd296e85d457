/** The first ten minutes of somebody new, as they are walked: keys, first event, its session, the metrics, the end of the key. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, expectAccessible, expectFits, OWNER, PHONE, test } from "./harness";

const run = promisify(execFile);

test("somebody new makes keys, sends an event, finds it, sees it counted, and revokes the key", async ({
  page,
  signIn,
}) => {
  await signIn(page);
  await expect(page).toHaveURL(/\/start$/);
  await expect(page.getByRole("heading", { level: 1, name: "Get started" })).toBeVisible();
  await expect(page.getByText("Waiting for the first event…")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Make the keys" }).click();
  const command = page.locator("pre").filter({ hasText: "curl" });
  await expect(command).toContainText('"signature":');
  await expectAccessible(page);
  const { stdout } = await run("sh", ["-c", (await command.textContent()) ?? ""]);
  expect(stdout).toContain("event_id");

  await expect(page.getByRole("main").getByText("It is here: signed, checked, and on disk.")).toBeVisible();
  await page.getByRole("link", { name: "Look at its session" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("refund").first()).toBeVisible();

  await page.goto("/live?q=30%20days");
  await expect(page.getByText("refund").first()).toBeVisible();

  await page.goto("/statistics");
  await expect(page.getByRole("heading", { level: 1, name: "Metrics" })).toBeVisible();

  await page.goto("/keys");
  await expect(page.getByText("First key")).toBeVisible();
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
