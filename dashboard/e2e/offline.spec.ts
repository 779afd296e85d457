/** A network that goes, and a gateway that is away: what is on the page stays, it is told, and it goes on by itself. */
import type { BrowserContext, Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, newSession, record } from "./harness";
import { ownGateway } from "./own-gateway";

const test = ownGateway();

test.use({
  allowed: ["Failed to load resource", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "WebSocket"],
});

const pill = (page: Page) =>
  page.getByRole("status").filter({ hasText: /Live|Offline|Connecting|Reconnecting/ });
const rows = (page: Page) =>
  page
    .getByRole("grid")
    .getByRole("row")
    .filter({ hasNot: page.getByRole("columnheader") });
const offline = (page: Page) => page.getByText("You are offline. What you see may be old.");
const away = (page: Page) => page.getByText(/^The gateway does not answer\. What you see may be old/);

/** What takes the network away, and what gives it back. */
const absences = {
  "the network": {
    go: (context: BrowserContext, _: Gateway) => context.setOffline(true),
    comeBack: (context: BrowserContext, _: Gateway) => context.setOffline(false),
    notice: offline,
  },
  "the gateway": {
    go: (_: BrowserContext, gapin: Gateway) => gapin.stop("SIGKILL"),
    comeBack: (_: BrowserContext, gapin: Gateway) => gapin.startAgain(),
    notice: away,
  },
};

for (const [what, { go, comeBack, notice }] of Object.entries(absences)) {
  test(`live events go on when ${what} is back, and none is missed`, async ({
    page,
    context,
    gapin,
    signIn,
  }) => {
    const session = newSession();
    const told = (logic: string) =>
      event(gapin, {
        decision: { type: "refund", logic, options: ["a"], chosen: logic, confidence: 1 },
        metadata: { session_id: session },
      });
    await record(gapin, [told("before")]);
    await signIn(page);
    await page.goto(`/live?session=${session}`);
    await expect(rows(page)).toHaveCount(1);
    await expect(pill(page)).toContainText("Live");
    await go(context, gapin);
    await expect(pill(page)).toContainText(/Offline|Reconnecting/);
    await expect(notice(page)).toBeVisible();
    await expect(rows(page)).toHaveCount(1);
    await expectAccessible(page);
    if (what === "the network") await record(gapin, [told("meanwhile")]);
    await comeBack(context, gapin);
    if (what === "the gateway") await record(gapin, [told("meanwhile")]);
    await expect(rows(page)).toHaveCount(2, { timeout: 60_000 });
    await expect(rows(page).first()).toContainText("meanwhile");
    await expect(pill(page)).toContainText("Live");
    await expect(notice(page)).toBeHidden();
    await record(gapin, [told("after")]);
    await expect(rows(page)).toHaveCount(3);
  });

  test(`what is being written is kept while ${what} is away`, async ({ page, context, gapin, signIn }) => {
    await signIn(page);
    await page.goto("/keys?new=1");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(`made after ${what} was back`);
    await go(context, gapin);
    await dialog.getByRole("button", { name: "Create key" }).click();
    await expect(
      dialog.getByText(what === "the network" ? "You are offline" : "The gateway does not answer"),
    ).toBeVisible();
    await expect(notice(page)).toBeAttached();
    await expect(dialog.getByLabel("Name")).toHaveValue(`made after ${what} was back`);
    await comeBack(context, gapin);
    // This page asks for nothing by itself: it learns all the same that the way is free.
    await expect(notice(page)).toHaveCount(0, { timeout: 60_000 });
    await dialog.getByRole("button", { name: "Create key" }).click();
    await expect(page.getByRole("button", { name: "I have saved it" })).toBeVisible();
  });

  test(`a part of the page that is wanted while ${what} is away comes later, and the page stays`, async ({
    page,
    context,
    gapin,
    signIn,
  }) => {
    await signIn(page);
    await page.goto("/keys");
    await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await go(context, gapin);
    await page.getByRole("button", { name: "Create key" }).click();
    await expect(notice(page)).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
    // Another page is not there yet either.
    await page.getByRole("link", { name: "Members" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
    await comeBack(context, gapin);
    await expect(page.getByRole("heading", { level: 1, name: "Members" })).toBeVisible({ timeout: 60_000 });
    await expect(notice(page)).toBeHidden();
    await page.goBack();
    await expect(page.getByRole("dialog")).toBeVisible();
  });
}
