/** How a picture is taken: of a page that has come to rest, in each theme. */
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect } from "../e2e/harness";

const FOLDER = fileURLToPath(new URL("../../docs/images/", import.meta.url));

export async function settle(page: Page): Promise<void> {
  // By its tag: behind a dialog it has no role.
  await expect(page.locator("h1").first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export async function take(
  page: Page,
  name: string,
  themes: readonly ("light" | "dark")[] = ["light", "dark"],
): Promise<void> {
  for (const theme of themes) {
    await page.evaluate((chosen) => {
      document.documentElement.dataset["theme"] = chosen;
    }, theme);
    await settle(page);
    await page.screenshot({ path: `${FOLDER}${name}-${theme}.png`, animations: "disabled", caret: "hide" });
  }
}
