/** The same on Kafka, PostgreSQL and Redis: the first event, its way through the pages, and the end of its key. */
import { AtScale } from "./at-scale";
import { test as embedded, expect, expectAccessible } from "./harness";
import { walkFirstRun } from "./walks";

const test = embedded.extend<object, { gapin: AtScale }>({
  gapin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
    async ({}, use) => {
      const system = await AtScale.start();
      await use(system);
      await system.discard();
    },
    { scope: "worker", timeout: 600_000 },
  ],
});

// An operator's organisation has a signing key already; the page then takes another name for its own.
test.use({ allowed: ["status of 409"] });

test("somebody new does the same at scale", async ({ page, signIn }) => {
  test.setTimeout(300_000);
  await signIn(page);
  await walkFirstRun(page);

  await page.getByRole("link", { name: "Topics" }).click();
  await expect(page.getByRole("row", { name: /aibbar\.events/ })).toBeVisible();
  await page.getByRole("link", { name: "Status" }).click();
  await expect(page.getByRole("heading", { name: "Ready", level: 2 })).toBeVisible();
  await expectAccessible(page);
});
