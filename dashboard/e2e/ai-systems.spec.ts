/** The register of AI systems, and the page of one with what it recorded. */
import { randomUUID } from "node:crypto";
import { event, expect, expectAccessible, expectFits, PHONE, record, test } from "./harness";

test("one is registered, described and taken out again", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/ai-systems");
  await page.getByRole("heading", { name: "AI systems", level: 1 }).waitFor();
  await page.keyboard.press("c");
  const form = page.getByRole("dialog", { name: "Register an AI system" });
  await form.getByLabel("Name").fill("Booking agent");
  await form.getByLabel("Owner").fill("travel@example.com");
  await form.getByRole("button", { name: "Set the environment to production" }).click();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Register AI system" }).click();
  await expect(page.getByRole("heading", { name: "Booking agent", level: 1 })).toBeVisible();
  await expect(page.getByText("No events yet")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Edit Booking agent" });
  await edit.getByLabel("Description").fill("Books hotels.\nMay spend 500 EUR.");
  await edit.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("May spend 500 EUR.")).toBeVisible();

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Take out of the register" }).click();
  const removal = page.getByRole("alertdialog");
  await removal.getByRole("textbox").fill("Booking agent");
  await removal.getByRole("button", { name: "Take out" }).click();
  await expect(page).toHaveURL(/\/ai-systems$/);
  await expect(page.getByRole("link", { name: "Booking agent" })).toBeHidden();
});

test.describe("one that records unregistered", () => {
  test.use({ allowed: ["status of 404"] });

  test("is seen, with its events, and gets a name", async ({ page, signIn, gapin }) => {
    const aiId = randomUUID();
    // Each is another: the same event at the same millisecond would be stored once.
    await record(
      gapin,
      [1, 2].map((sequence) => event(gapin, { ai_id: aiId, sequence })),
    );
    await signIn(page);
    const register = page.getByRole("button", { name: `Register ${aiId}` });
    await expect(async () => {
      await page.goto("/ai-systems");
      await expect(register).toBeVisible({ timeout: 3_000 });
    }).toPass();
    await page.getByRole("link", { name: aiId }).click();
    await expect(page.getByText(/No AI system of this id is registered here/)).toBeVisible();
    await expect(page.getByRole("row", { name: /chose “refund”/ })).toHaveCount(2);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Register AI system" }).click();
    const form = page.getByRole("dialog", { name: "Register an AI system" });
    await expect(form.getByLabel("Id")).toHaveValue(aiId);
    await form.getByLabel("Name").fill("Refund agent");
    await form.getByRole("button", { name: "Register AI system" }).click();
    await expect(page.getByRole("heading", { name: "Refund agent", level: 1 })).toBeVisible();
    await page.getByRole("link", { name: "Watch live" }).click();
    await expect(page).toHaveURL(new RegExp(`/live\\?.*${aiId}`));

    await page.setViewportSize(PHONE);
    await page.goto(`/ai-systems/${aiId}`);
    await expect(page.getByRole("heading", { name: "Refund agent", level: 1 })).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
    await page.goto("/ai-systems");
    await expectFits(page);
    await expectAccessible(page);
  });
});
