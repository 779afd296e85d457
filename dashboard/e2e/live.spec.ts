/** The live events, as somebody watches them: they come, are held, filtered, opened, left and come again. */

import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, expectFits, newSession, PHONE, record, test } from "./harness";
import type { Event } from "./record";

const rows = (page: Page) =>
  page
    .getByRole("grid")
    .getByRole("row")
    .filter({ hasNot: page.getByRole("columnheader") });
const pill = (page: Page) => page.getByRole("main").getByRole("status").first();

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1, name: "Live events" })).toBeVisible();
}

/** Decisions of one session, each with a word of its own. */
async function decide(gapin: Gateway, session: string, words: string[], more: Event = {}): Promise<string[]> {
  const decision = (chosen: string) => ({
    type: "choice",
    logic: "because",
    options: [chosen],
    chosen,
    confidence: 0.5,
  });
  return record(
    gapin,
    words.map((word, index) =>
      event(gapin, {
        decision: decision(word),
        metadata: { session_id: session },
        timestamp: new Date(Date.now() - (words.length - index) * 10).toISOString(),
        ...more,
      }),
    ),
  );
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("events are there as they are recorded, and below them those that were", async ({ page, gapin }) => {
  const session = newSession();
  await decide(gapin, session, ["before-1", "before-2"]);
  await open(page, `/live?session=${session}`);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("before-2");

  await decide(gapin, session, ["after-1", "after-2"]);
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).nth(0)).toContainText("after-2");
  await expect(rows(page).nth(3)).toContainText("before-1");
  await expect(page.getByText("4 shown")).toBeVisible();
  await expect(page.getByText("2 received")).toBeVisible();
});

test("an event is opened, read, copied and gone on from", async ({ page, gapin, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const session = newSession();
  const [, second] = await decide(gapin, session, ["first", "second", "third"]);
  await open(page, `/live?session=${session}`);
  await rows(page).filter({ hasText: "second" }).click();

  const panel = page.getByRole("complementary");
  await expect(panel).toContainText("choice: chose “second”, 50% sure");
  await expect(page).toHaveURL(new RegExp(`event=${second}`));
  await expect(panel.getByText("2 of 3 in the session")).toBeVisible();

  // The list goes on beside it.
  await page.keyboard.press("j");
  await expect(panel).toContainText("“first”");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect(panel).toContainText("“third”");
  await panel.getByRole("button", { name: "Earlier in the session" }).click();
  await expect(panel).toContainText("“second”");
  await expect(rows(page).and(page.locator("[aria-selected=true]"))).toContainText("second");

  await panel.getByRole("tab", { name: "JSON" }).click();
  await expect(panel.getByText('"second"').first()).toBeVisible();
  await panel.getByRole("tab", { name: "Signature" }).click();
  await expect(panel.getByText("HMAC-SHA256")).toBeVisible();
  await expect(panel.getByText("Nothing was hidden", { exact: false }).first()).toBeVisible();

  await page.keyboard.press("p");
  await expect(page.getByText("Link copied")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).pathname).toBe(`/event/${second}`);

  const saved = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Download" }).click();
  expect((await saved).suggestedFilename()).toBe(`${second}.json`);

  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(page).not.toHaveURL(/event=/);

  await page.goto(new URL(link).pathname);
  await expect(page.getByRole("heading", { name: "Event", exact: true })).toBeVisible();
  await expect(page.getByText("choice: chose “second”, 50% sure")).toBeVisible();
  await expectAccessible(page);
});

test("what is looked at does not move, and what came meanwhile is a press away", async ({ page, gapin }) => {
  const session = newSession();
  await decide(gapin, session, ["old"]);
  await open(page, `/live?session=${session}`);
  await rows(page).first().click();
  await decide(gapin, session, ["new-1", "new-2", "new-3"]);
  const fresh = page.getByRole("button", { name: "Show 3 new rows" });
  await expect(fresh).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(rows(page)).toHaveCount(4);
  await expect(fresh).toBeHidden();
});

test("filters are in the address, and change what comes without another connection", async ({
  page,
  gapin,
}) => {
  const session = newSession();
  await decide(gapin, session, ["apple", "pear"]);
  await open(page, `/live?session=${session}`);
  await expect(rows(page)).toHaveCount(2);
  await expect(pill(page)).toHaveText("Live");
  let sockets = 0;
  page.on("websocket", () => {
    sockets += 1;
  });

  await page.keyboard.press("/");
  await page.keyboard.type("pear");
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/q=pear/);
  await decide(gapin, session, ["apple 2", "pear 2"]);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("pear 2");
  expect(sockets).toBe(0);

  await page.getByRole("searchbox", { name: "Search in events" }).fill("");
  await page.getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Error" }).click();
  await expect(page).toHaveURL(/type=ai.error/);
  await expect(page.getByText("Nothing matches these filters")).toBeVisible();
  await page.goBack();
  await expect(rows(page)).toHaveCount(4);

  await page.getByRole("button", { name: "Remove the filter by session" }).click();
  await expect(page).not.toHaveURL(/session=/);
});

test("a view is saved, chosen, changed and taken away", async ({ page, gapin }) => {
  const session = newSession();
  await decide(gapin, session, ["only"]);
  await open(page, `/live?session=${session}&type=ai.decision`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Save this view" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Mine of today");
  await dialog.getByLabel("For everybody in the organisation").check();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Mine of today" })).toBeVisible();

  await open(page, "/live");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: /Mine of today/ }).click();
  await expect(page).toHaveURL(new RegExp(`session=${session}`));
  await expect(rows(page)).toHaveCount(1);

  await page.getByRole("button", { name: "Mine of today" }).click();
  await page.getByRole("menuitem", { name: "Manage views" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Change" }).click();
  await page.getByRole("dialog").last().getByLabel("Name").fill("Another name");
  await page.getByRole("dialog").last().getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Another name" })).toBeVisible();
  await page.getByRole("button", { name: "Delete Another name" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("There are no saved views yet.")).toBeVisible();
});

test("a change of a view that is refused is taken back, with what was typed and why", async ({
  page,
  allowed,
}) => {
  allowed.push("status of 409", "status of 403");
  for (const [name, filters] of [
    ["First", "?type=ai.error"],
    ["Second", "?type=ai.query"],
  ] as const) {
    await open(page, `/live${filters}`);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save this view" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("button", { name, exact: true })).toBeVisible();
  }
  await page.getByRole("button", { name: "Second", exact: true }).click();
  await page.getByRole("menuitem", { name: "Manage views" }).click();
  const list = page.getByRole("listitem");
  await list.filter({ hasText: "Second" }).getByRole("button", { name: "Change" }).click();
  const edit = page.getByRole("dialog", { name: "Second" });
  await edit.getByLabel("Name").fill("First");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByLabel("Name")).toHaveAccessibleDescription(/.+/);
  await expect(edit.getByLabel("Name")).toHaveValue("First");
  await expectAccessible(page);
  await edit.getByRole("button", { name: "Cancel" }).click();
  await expect(list.filter({ hasText: "Second" })).toBeVisible();

  await page.route("**/api/v1/views/*", (route) =>
    route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      body: JSON.stringify({
        status: 403,
        code: "forbidden",
        title: "Not yours",
        detail: "It is somebody else's.",
      }),
    }),
  );
  await page.getByRole("button", { name: "Delete Second" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Second was not deleted").first()).toBeVisible();
  await expect(page.getByText("It is somebody else's.").first()).toBeVisible();
  await expect(list.filter({ hasText: "Second" })).toBeVisible();

  await page.unroute("**/api/v1/views/*");
  for (const name of ["First", "Second"]) {
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
    await expect(list.filter({ hasText: name })).toHaveCount(0);
  }
});

test("paused, nothing comes; resumed, what came meanwhile does", async ({ page, gapin }) => {
  const session = newSession();
  await open(page, `/live?session=${session}`);
  await expect(pill(page)).toHaveText("Live");
  await page.keyboard.press("Space");
  await expect(pill(page)).toHaveText("Paused");
  await decide(gapin, session, ["while paused"]);
  await page.keyboard.press("Space");
  await expect(rows(page).first()).toContainText("while paused");
});

test("history goes on below the live rows without a seam", async ({ page, gapin }) => {
  const session = newSession();
  const words = Array.from({ length: 450 }, (_, index) => `number-${String(index).padStart(3, "0")}`);
  await decide(gapin, session, words.slice(0, 400));
  await open(page, `/live?session=${session}`);
  await expect(rows(page).first()).toContainText("number-399");
  await decide(gapin, session, words.slice(400));
  await expect(rows(page).first()).toContainText("number-449");

  const seen = new Set<string>();
  const grid = page.getByRole("grid");
  await expect(async () => {
    for (const text of await rows(page).allTextContents()) seen.add(/number-\d+/.exec(text)?.[0] ?? "");
    await grid.evaluate((element) => element.scrollBy(0, 400));
    expect(seen.has("number-000")).toBe(true);
  }).toPass({ intervals: [50] });
  expect([...seen].sort()).toEqual(words);
  await expect(page.getByText("450 shown")).toBeVisible();
  await expect(page.getByText("That is the oldest")).toBeVisible();
});

test("a gateway that restarts is gone back to, and nothing is missed", async ({ page, gapin, allowed }) => {
  allowed.push("WebSocket connection", "Failed to load resource", "/sse/events");
  const session = newSession();
  await open(page, `/live?session=${session}`);
  await expect(pill(page)).toHaveText("Live");
  await decide(gapin, session, ["before"]);
  await expect(rows(page)).toHaveCount(1);
  await gapin.stop();
  await expect(pill(page)).toHaveText("Reconnecting");
  await gapin.startAgain();
  await decide(gapin, session, ["after"]);
  await expect(pill(page)).toHaveText("Live", { timeout: 60_000 });
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("after");
});

test("messages of another topic are shown with their place", async ({ page, gapin }) => {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  const topic = `orders-${Date.now()}`;
  const made = await page.evaluate(async (name) => {
    const token = /__Host-gapin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const answer = await fetch("/api/v1/topics", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
      body: JSON.stringify({ name, partitions: 1, retention_days: 7 }),
    });
    return answer.status;
  }, topic);
  expect(made).toBe(201);
  const publish = (order: number) =>
    fetch(`${gapin.url}/events/publish`, {
      method: "POST",
      headers,
      body: JSON.stringify({ topic, key: `customer-${order}`, message: { order, state: "paid" } }),
    });
  expect((await publish(1)).ok).toBe(true);
  await open(page, `/live?topic=${topic}`);
  await expect(rows(page)).toHaveCount(1);
  expect((await publish(2)).ok).toBe(true);
  await expect(rows(page)).toHaveCount(2);
  await rows(page).first().click();
  await expect(page.getByRole("complementary")).toContainText("customer-2");
  await expectAccessible(page);
});

test("what a sender writes stays text, in the row and in the panel", async ({ page, gapin }) => {
  const session = newSession();
  const hostile = `<img src=x onerror="document.title='broken'">\u202egnp.exe\u0007 ${"x".repeat(50_000)} 😀`;
  await record(gapin, [
    event(gapin, {
      event_type: "ai.error",
      decision: undefined,
      error: { code: hostile, message: hostile, stack: hostile, recoverable: false },
      metadata: { session_id: session, user_id: hostile, labels: { [hostile.slice(0, 60)]: hostile } },
    }),
  ]);
  await open(page, `/live?session=${session}`);
  await rows(page).first().click();
  const panel = page.getByRole("complementary");
  await expect(panel.getByText("onerror", { exact: false }).first()).toBeVisible();
  expect(await page.title()).not.toBe("broken");
  expect(await page.locator("img[src=x]").count()).toBe(0);
  await panel.getByRole("tab", { name: "JSON" }).click();
  await expect(panel.getByRole("tree")).toBeVisible();
  await expectFits(page);
});

test("a time that is over is read from the store alone", async ({ page, gapin }) => {
  const session = newSession();
  await decide(gapin, session, ["past"]);
  let sockets = 0;
  page.on("websocket", () => {
    sockets += 1;
  });
  const to = new Date().toISOString();
  await open(page, `/live?session=${session}&from=2026-01-01T00:00:00Z&to=${to}`);
  await expect(rows(page)).toHaveCount(1);
  await expect(pill(page)).toHaveText("Stored");
  expect(sockets).toBe(0);
});

test("it is for everybody: axe, both themes, with rows, with a panel, and with nothing", async ({
  page,
  gapin,
}) => {
  const session = newSession();
  await decide(gapin, session, ["one", "two"]);
  await open(page, `/live?session=${session}`);
  await expect(rows(page)).toHaveCount(2);
  await expectAccessible(page);
  await rows(page).first().click();
  await expect(page.getByRole("complementary")).toContainText("two");
  await expectAccessible(page);
  await open(page, "/live?q=nothing-is-called-so");
  await expect(page.getByText("Nothing matches these filters")).toBeVisible();
  await expectAccessible(page);
});

test("on a phone rows are cards, filters are behind a button, and the panel fills the screen", async ({
  page,
  gapin,
}) => {
  await page.setViewportSize(PHONE);
  const session = newSession();
  await decide(gapin, session, ["one", "two"]);
  await open(page, `/live?session=${session}`);
  await expect(rows(page)).toHaveCount(2);
  await expectFits(page);
  await expectAccessible(page);

  await page.getByRole("button", { name: /^Filters/ }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "Type" }).click();
  await page.getByRole("option", { name: "Decision" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/type=ai.decision/);

  await rows(page).first().click();
  const panel = page.getByRole("dialog");
  await expect(panel).toContainText("chose “two”");
  expect((await panel.boundingBox())?.width).toBe(PHONE.width);
  await expectFits(page);
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Close" }).click();
  await expect(panel).toBeHidden();
});
