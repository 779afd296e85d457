/** What others call themselves and their things is shown as it was written, and does nothing: in each place that shows it. */
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, expectFits, newSession, PHONE, record } from "./harness";
import { ownGateway } from "./own-gateway";

const test = ownGateway();

const MARKUP = `<img src=/nowhere onerror="window.broken=1"><b>{{7*7}}`;
const TURNED = "\u202egnp.exe\u202c \u2067abc\u2069 end";
const EMOJI = "👩‍👩‍👧‍👦🏴‍☠️é̂̃".repeat(4);
const UNBROKEN = "W".repeat(60);
const NAMES = [MARKUP, TURNED, EMOJI, UNBROKEN, "__proto__", "javascript:alert(1)"];

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Asks as the person who is signed in on the page. */
function asPerson(page: Page, method: string, path: string, body?: unknown): Promise<Answer> {
  return page.evaluate(
    async ([how, where, what]) => {
      const token = /__Host-gapin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
      const answer = await fetch(where, { method: how, headers, ...(what === "" ? {} : { body: what }) });
      return { status: answer.status, body: await answer.json().catch(() => ({})) };
    },
    [method, path, body === undefined ? "" : JSON.stringify(body)] as const,
  );
}

async function asProgram(gapin: Gateway, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${gapin.url}${path}`, { method, headers, ...sent });
  return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, unknown> };
}

/** Nothing ran, nothing hangs over. */
async function isHarmless(page: Page): Promise<void> {
  await expectFits(page);
  expect(await page.evaluate(() => "broken" in window)).toBe(false);
  expect(await page.locator("img[src='/nowhere'], a[href^='javascript:']").count()).toBe(0);
}

/** On a wide screen and on a phone. */
async function inBothWidths(page: Page, look: () => Promise<void>): Promise<void> {
  for (const size of [{ width: 1440, height: 900 }, PHONE]) {
    await page.setViewportSize(size);
    await look();
    await isHarmless(page);
  }
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("a person's and the organisation's", async ({ page }) => {
  for (const name of [MARKUP, TURNED, EMOJI, UNBROKEN]) {
    expect(await asPerson(page, "PATCH", "/me", { name })).toMatchObject({ status: 200 });
    // Organisations take fewer names; one that is refused is shown nowhere.
    await asPerson(page, "PATCH", "/api/v1/organisation", { name });
    for (const path of ["/members", "/settings?tab=profile", "/settings?tab=organisation", "/audit"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle");
      await inBothWidths(page, async () => {
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      });
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    await page.getByRole("button", { name: /^Organisation:/ }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await isHarmless(page);
    await page.keyboard.press("Escape");
  }
  await page.goto("/members");
  await expect(page.getByRole("row").filter({ hasText: UNBROKEN.slice(0, 20) })).toBeVisible();
  await expectAccessible(page);
});

test("a saved view's, in the menu and where views are managed", async ({ page }) => {
  for (const name of NAMES) {
    const view = { name, page: "live", query: "type=ai.error", shared: true };
    expect(await asPerson(page, "POST", "/api/v1/views", view)).toMatchObject({ status: 201 });
  }
  await page.goto("/live");
  for (const size of [{ width: 1440, height: 900 }, PHONE]) {
    await page.setViewportSize(size);
    await page.getByRole("button", { name: "Views" }).click();
    await expect(page.getByRole("menuitem").filter({ hasText: "__proto__" })).toBeVisible();
    await isHarmless(page);
    await page.getByRole("menuitem", { name: "Manage views" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("listitem")).toHaveCount(NAMES.length);
    await expect(dialog.getByText(MARKUP)).toBeVisible();
    await isHarmless(page);
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(dialog).toBeHidden();
  }
});

test("a key's and an AI system's, in lists, choices and the palette", async ({ page, gapin }) => {
  for (const name of NAMES) {
    const system = { name, owner: name, environment: name, description: name };
    expect((await asProgram(gapin, "POST", "/api/v1/ai-systems", system)).status).toBe(201);
    const key = { name, scopes: ["events:read"] };
    expect((await asProgram(gapin, "POST", "/api/v1/keys", key)).status).toBe(201);
  }
  for (const path of ["/keys", "/ai-systems"]) {
    await page.goto(path);
    await expect(page.getByRole("main").getByText("__proto__").first()).toBeVisible();
    await inBothWidths(page, async () => {
      await expect(page.getByRole("main").getByText("__proto__").first()).toBeVisible();
    });
    await page.setViewportSize({ width: 1440, height: 900 });
    for (const name of ["onerror", "gnp"]) {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search and commands" }).fill(name);
      await expect(page.getByRole("option").first()).toBeVisible();
      await isHarmless(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("combobox", { name: "Search and commands" })).toBeHidden();
    }
  }
  await page.goto("/sessions");
  await page.getByRole("combobox", { name: "AI system" }).click();
  await page.getByRole("option").filter({ hasText: "onerror" }).click();
  await expect(page).toHaveURL(/ai=/);
  await isHarmless(page);
  await expectAccessible(page);
});

test("a consumer group's and a reader's, and what a topic's schema says of itself", async ({
  page,
  gapin,
}) => {
  const schema = {
    title: MARKUP,
    description: TURNED,
    type: "object",
    properties: { [MARKUP]: { description: EMOJI } },
  };
  const topic = { name: "hostile.names", partitions: 1, schema };
  expect((await asProgram(gapin, "POST", "/api/v1/topics", topic)).status).toBe(201);
  await asProgram(gapin, "POST", "/events/publish?topic=hostile.names", [{ message: {} }]);
  let joined = 0;
  for (const [index, reader] of NAMES.entries()) {
    for (const group of [reader, `group-${index}`]) {
      const query = new URLSearchParams({
        topic: "hostile.names",
        group,
        reader,
        limit: "1",
        wait_ms: "10000",
      });
      const { status } = await asProgram(gapin, "GET", `/events/read?${query}`);
      if (status === 200) joined += 1;
    }
  }
  expect(joined).toBeGreaterThan(0);
  for (const tab of ["consumers", "configuration", "overview"]) {
    await page.goto(`/topics/hostile.names?tab=${tab}`);
    await expect(page.getByRole("heading", { level: 1, name: "hostile.names" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await inBothWidths(page, async () => {
      await expect(page.getByRole("tabpanel")).toBeVisible();
    });
    await page.setViewportSize({ width: 1440, height: 900 });
  }
});

test("NUL and other signs that are none, and 256 KiB in the live panel", async ({ page, gapin }) => {
  const session = newSession();
  const signs = "a\u0000b\u0001\u0007\u001b[31m\u007f\u0085\ufffe\ud7ff end";
  const told = (prompt: string) =>
    event(gapin, {
      event_type: "ai.query",
      decision: undefined,
      query: { prompt },
      metadata: { session_id: session, user_id: signs },
    });
  const [short, long] = await record(gapin, [told(signs), told(`x${"ab ".repeat(85_000)}`)]);
  for (const size of [{ width: 1440, height: 900 }, PHONE]) {
    await page.setViewportSize(size);
    for (const [id, said] of [
      [short, "[31m"],
      [long, "ab ab ab"],
    ]) {
      await page.goto(`/live?session=${session}&event=${id}`);
      const panel = page
        .getByRole("complementary")
        .or(page.getByRole("dialog"))
        .filter({ hasText: said })
        .first();
      await expect(panel).toBeVisible();
      await isHarmless(page);
      await panel.getByRole("tab", { name: "JSON" }).click();
      await expect(panel.getByRole("tabpanel")).toContainText("prompt");
      await isHarmless(page);
    }
    await page.goto(`/event/${short}`);
    await expect(page.getByText(/b.*\[31m/).first()).toBeVisible();
    await isHarmless(page);
    await page.goto(`/sessions/${session}`);
    await expect(page.getByRole("grid", { name: "Events in order" }).getByRole("row")).toHaveCount(2);
    await isHarmless(page);
  }
  await expectAccessible(page);
});
