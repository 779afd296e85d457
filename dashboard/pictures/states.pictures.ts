/** Writes pictures of what pages say beside their data: details, dialogs, what is missing, not allowed, or away. */
import { expect, fillSignIn, OWNER, test as shared } from "../e2e/harness";
import { addPerson } from "../e2e/operator";
import { ownGateway } from "../e2e/own-gateway";
import { newSession } from "../e2e/record";
import { call } from "./scene";
import { take } from "./take";

const test = ownGateway();

test.use({ allowed: ["Failed to load resource", "ERR_INTERNET_DISCONNECTED", "WebSocket"] });

test("pictures of details and dialogs", async ({ page, signIn, gapin }) => {
  await call(gapin, "POST", "/api/v1/topics", { name: "orders", partitions: 3, retention_days: 7 });
  const messages = Array.from({ length: 60 }, (_, n) => ({
    key: `order-${n % 9}`,
    message: { id: n, total: n * 3 },
  }));
  await call(gapin, "POST", "/events/publish?topic=orders", messages);
  await signIn(page);

  await page.goto("/keys");
  await page.getByRole("table").getByRole("button", { name: "dev", exact: true }).click();
  await take(page, "key");
  await page.goto("/keys?new=1");
  await expect(page.getByRole("dialog")).toBeVisible();
  await take(page, "key-new", ["light"]);
  await page.getByRole("dialog").getByLabel("Name").fill("agent-1");
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  await expect(page.getByRole("dialog", { name: "Save this API key" })).toBeVisible();
  await take(page, "key-made", ["light"]);
  await page.goto("/signing-keys");
  await page.getByRole("table").getByRole("button").first().click();
  await expect(page.getByRole("complementary").last()).toBeVisible();
  await take(page, "signing-key", ["light"]);

  await page.goto("/topics/orders?period=1h");
  await expect(page.getByText(/^60 messages, /).first()).toBeAttached();
  await take(page, "own-topic");
  await page.goto("/topics/orders?tab=messages");
  await take(page, "own-topic-messages", ["light"]);
  await page.goto("/topics/orders?tab=configuration");
  await take(page, "own-topic-configuration", ["light"]);
  await page.getByRole("button", { name: "Delete topic" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await take(page, "own-topic-delete", ["light"]);
  await page.goto("/sessions?errors=on");
  await take(page, "sessions-none", ["light"]);
  await page.goto("/live");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await take(page, "shortcuts", ["light"]);
});

test("pictures of what is missing or not allowed", async ({ page, context, gapin }) => {
  await page.goto("/forgot-password");
  await take(page, "forgot-password", ["light"]);
  await page.goto("/invitation?token=gone");
  await take(page, "invitation", ["light"]);
  const password = await addPerson(gapin, "vera@example.com", "viewer");
  await page.goto("/login");
  await fillSignIn(page, "vera@example.com", password);
  await page.waitForURL((url) => url.pathname !== "/login");
  await page.goto("/keys");
  await expect(page.getByText(/keys:manage/)).toBeVisible();
  await take(page, "not-allowed");
  await page.goto("/event/0198d0a0-0000-7000-8000-000000000000");
  await take(page, "event-missing", ["light"]);
  await page.goto("/topics/nowhere");
  await take(page, "topic-missing", ["light"]);
  await context.clearCookies();
  await page.goto("/live");
  await expect(page.getByLabel("E-mail")).toBeVisible();
});

test("pictures of what is away", async ({ page, context, signIn }) => {
  await signIn(page);
  await page.goto(`/live?session=${newSession()}`);
  await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline. What you see may be old.")).toBeVisible();
  await take(page, "offline");
  await context.setOffline(false);
  await page.goto("/settings");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  // As another of one's devices ends it.
  await page.evaluate(async () => {
    const { session_id } = (await (await fetch("/me")).json()) as { session_id: string };
    const token = /__Host-gapin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    await fetch(`/me/sessions/${session_id}`, { method: "DELETE", headers: { "X-CSRF-Token": token } });
  });
  await page.getByRole("link", { name: "Topics" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await take(page, "session-ended", ["light"]);
});

shared("the sign-in says what is wrong", async ({ page }) => {
  await page.goto("/login");
  await fillSignIn(page, OWNER, "not the password");
  await expect(page.getByRole("alert")).toBeVisible();
  await take(page, "sign-in-wrong", ["light"]);
});
