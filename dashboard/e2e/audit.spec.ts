/** The audit trail: found, read, gone through to its end, saved. */
import { readFile } from "node:fs/promises";
import type { Gateway } from "./gateway";
import { expect, expectAccessible, expectFits, PHONE, test } from "./harness";

/** So many changes that the trail has several pages. */
const CHANGES = 450;

async function call(
  gapin: Gateway,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, string>> {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  const answer = await fetch(`${gapin.url}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

test.beforeAll(async ({ gapin }) => {
  const { id } = await call(gapin, "POST", "/api/v1/keys", { name: "much-changed", scopes: ["events:read"] });
  for (let n = 1; n <= CHANGES; n += 1) {
    await call(gapin, "PATCH", `/api/v1/keys/${id}`, { requests_per_minute: n });
  }
});

test("an entry is found by what was done, and tells what was before", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/audit");
  await page.getByRole("combobox", { name: "Kind" }).click();
  await page.getByRole("option", { name: "API keys", exact: true }).click();
  await page.getByRole("combobox", { name: "Action" }).click();
  await page.getByRole("option", { name: "Changed", exact: true }).click();
  await expect(page).toHaveURL(/action=api_key.update/);
  const newest = page.getByRole("button", {
    name: /changed the API key much-changed Requests a minute: 450/,
  });
  await newest.click();
  const panel = page.getByRole("complementary");
  await expect(panel.getByRole("row", { name: /^Requests a minute/ })).toHaveText(/449.*450/);
  await expectAccessible(page);

  await page.keyboard.press("j");
  await expect(panel.getByRole("row", { name: /^Requests a minute/ })).toHaveText(/448.*449/);
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(panel.getByRole("row", { name: /^Requests a minute/ })).toHaveText(/448.*449/);
  await panel.getByRole("button", { name: "All that was done to it" }).click();
  await expect(page).toHaveURL(/target=/);
  await expect(panel).toBeHidden();
});

test("who did it is looked for when the name is typed to its end", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/audit");
  const who = page.getByRole("combobox", { name: /^Who/ });
  await who.fill("owner@localhost");
  await who.press("Enter");
  await expect(page).toHaveURL(/actor=owner/);
  const entries = page.getByRole("list", { name: "Entries of the audit trail" });
  await expect(entries.getByRole("button").first()).toContainText("owner@localhost");
  await expect(entries.getByText(/^The key/)).toHaveCount(0);
  await who.fill("nobody@example.com");
  await who.press("Enter");
  await expect(page.getByText("No entry matches")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(entries.getByText(/^The key/).first()).toBeVisible();
});

test("it is gone through to its end, with a bounded document, and saved as a file", async ({
  page,
  signIn,
}) => {
  await signIn(page);
  await page.goto("/audit?action=api_key.update");
  const entries = page.getByRole("list", { name: "Entries of the audit trail" });
  await expect(entries.getByRole("button").first()).toBeVisible();
  const main = page.locator("main");
  await expect(async () => {
    await main.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(entries.getByText("Requests a minute: 1", { exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  expect(await entries.getByRole("button").count()).toBeLessThan(80);
  await main.evaluate((element) => element.scrollTo(0, 0));
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("audit-trail.csv");
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  expect(lines.length).toBeGreaterThan(CHANGES);
  expect(lines[1]).toContain("api_key.update");
});

test("it is read on a phone, in both themes", async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn(page);
  await page.goto("/audit");
  const entries = page.getByRole("list", { name: "Entries of the audit trail" });
  await expect(entries.getByRole("button").first()).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
  await entries.getByRole("button").first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectFits(page);
});
