/** The status, also of a gateway that does not answer, and of one that answers again. */
import { event, expect, expectAccessible, expectFits, PHONE, record } from "./harness";
import { ownGateway } from "./own-gateway";

const test = ownGateway();

test("says how each thing is", async ({ page, signIn, gapin }) => {
  await record(gapin, [event(gapin)]);
  await signIn(page);
  await page.goto("/status");
  await expect(page.getByRole("heading", { name: "Ready", level: 2 })).toBeVisible();
  for (const name of ["Event log", "Store"]) {
    await expect(page.getByRole("region", { name }).getByText("Up", { exact: true })).toBeVisible();
  }
  await expect(page.getByRole("region", { name: "Spool" })).toContainText("There is none here");
  await expect(page.getByRole("region", { name: "Gateway" })).toContainText(/Version\s*\d+\.\d+\.\d+/);
  await expect(page.getByRole("region", { name: "Lag of the store" })).toContainText("Behind now");
  await expectAccessible(page);

  await page.setViewportSize(PHONE);
  await expectFits(page);
  await expectAccessible(page);
});

test.describe("of a gateway that is away", () => {
  test.use({ allowed: ["Failed to load resource", "ERR_CONNECTION_REFUSED", "WebSocket"] });

  test("says so, keeps what was known, and says when it is back", async ({ page, signIn, gapin }) => {
    await signIn(page);
    await page.goto("/status");
    await expect(page.getByRole("heading", { name: "Ready", level: 2 })).toBeVisible();
    await gapin.stop("SIGKILL");
    await expect(page.getByRole("heading", { name: "No answer", level: 2 })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole("region", { name: "Store", exact: true })).toContainText(
      "As it was last heard",
    );
    await expect(page.getByRole("region", { name: "Gateway" })).toContainText("Version");
    await expect(page.getByText("Gateway: Ready → No answer")).toBeVisible();
    await expectAccessible(page);

    await gapin.startAgain();
    await expect(page.getByRole("heading", { name: "Ready", level: 2 })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("Gateway: No answer → Ready")).toBeVisible();
    await expect(page.getByRole("region", { name: "Store", exact: true })).not.toContainText(
      "As it was last heard",
    );
  });
});
