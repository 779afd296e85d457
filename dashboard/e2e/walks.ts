/** What somebody does on more than one system. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { expectAccessible } from "./harness";

const run = promisify(execFile);

/** The first ten minutes of somebody new who is signed in: keys, first event, its session, search, metrics, the end of the key. */
export async function walkFirstRun(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/start$/);
  await expect(page.getByRole("heading", { level: 1, name: "Get started" })).toBeVisible();
  await expect(page.getByText("Waiting for the first event…")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Make the keys" }).click();
  const command = page.locator("pre").filter({ hasText: "curl" });
  await expect(command).toContainText('"signature":');
  await expectAccessible(page);
  const shown = (await command.textContent()) ?? "";
  const { stdout } = await run("sh", ["-c", shown]);
  expect(stdout).toContain("event_id");

  await expect(page.getByRole("main").getByText("It is here: signed, checked, and on disk.")).toBeVisible();
  await page.getByRole("link", { name: "Look at its session" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Get started" })).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("refund").first()).toBeVisible();

  await page.getByRole("link", { name: "Live events", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search in events" }).fill("30 days");
  await expect(page).toHaveURL(/q=30/);
  await expect(page.getByRole("grid").getByText("refund").first()).toBeVisible();

  await page.getByRole("link", { name: "Metrics", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Metrics" })).toBeVisible();
  const today = page.getByText("Events today", { exact: true }).locator("xpath=ancestor::div[2]");
  await expect(today).toContainText(/Events today\D*1\D/);

  await page.getByRole("link", { name: "API keys", exact: true }).click();
  await page.getByRole("button", { name: "Actions for First key" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  const revocation = page.getByRole("alertdialog", { name: "Revoke First key?" });
  await revocation.getByRole("textbox").fill("First key");
  await revocation.getByRole("button", { name: "Revoke" }).click();
  await expect(revocation).toBeHidden();
  // The same command is refused from now on, and says so.
  const again = () => run("sh", ["-c", shown]).catch((refused: { stdout: string }) => refused);
  await expect.poll(async () => (await again()).stdout).toMatch(/"status":401/);
}
