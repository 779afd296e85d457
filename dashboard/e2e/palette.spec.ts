/** The command palette and the list of shortcuts, by keyboard alone. */
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, expectFits, PHONE, record, test } from "./harness";

async function make(gapin: Gateway, path: string, body: unknown): Promise<Record<string, string>> {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  const answer = await fetch(`${gapin.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

const input = (page: Page) => page.getByRole("combobox", { name: "Search and commands" });
const option = (page: Page, name: string | RegExp) => page.getByRole("option", { name });

async function opened(page: Page): Promise<void> {
  await page.goto("/status");
  await page.getByRole("heading", { name: "Status", level: 1 }).waitFor();
  await page.keyboard.press("Control+k");
  await expect(input(page)).toBeFocused();
}

test("pages and actions are gone to by their names", async ({ page, signIn }) => {
  await signIn(page);
  await opened(page);
  await expect(option(page, /^Live events/)).toHaveAttribute("data-highlighted", "");
  await expectAccessible(page);
  await page.keyboard.type("dlq");
  await expect(option(page, /^Dead letters/)).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/dead-letters$/);
  await expect(input(page)).toBeHidden();

  await opened(page);
  await page.keyboard.type("creat key");
  await expect(option(page, "Create an API key")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/keys\?new=1/);
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("arrows move, and Esc leads back to where one was", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/status");
  await page.getByRole("heading", { name: "Status", level: 1 }).waitFor();
  const search = page.getByRole("button", { name: /^Search/ });
  await search.click();
  await expect(input(page)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  const second = option(page, /^Sessions/).first();
  await expect(second).toHaveAttribute("data-highlighted", "");
  await expect(input(page)).toHaveAttribute(
    "aria-activedescendant",
    (await second.getAttribute("id")) as string,
  );
  await page.keyboard.press("Escape");
  await expect(input(page)).toBeHidden();
  await expect(search).toBeFocused();
});

test("keys, topics and AI systems are found by their names", async ({ page, signIn, gapin }) => {
  const name = randomUUID().slice(0, 8);
  const key = await make(gapin, "/api/v1/keys", { name: `key ${name}`, scopes: ["events:read"] });
  await make(gapin, "/api/v1/topics", { name: `topic-${name}` });
  const system = await make(gapin, "/api/v1/ai-systems", { ai_id: randomUUID(), name: `system ${name}` });
  await signIn(page);

  await opened(page);
  await page.keyboard.type(name);
  for (const found of [`key ${name}`, `topic-${name}`, `system ${name}`])
    await expect(option(page, found)).toBeVisible();
  await option(page, `system ${name}`).click();
  await expect(page).toHaveURL(new RegExp(`/ai-systems/${system["ai_id"]}`));

  await opened(page);
  await page.keyboard.type(`topic ${name}`);
  await expect(option(page, `topic-${name}`)).toHaveAttribute("data-highlighted", "");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/topics/topic-${name}`));

  // A key that is pasted whole is found by its beginning, and the rest of it stands nowhere.
  await opened(page);
  await input(page).fill(key["key"] as string);
  await expect(option(page, new RegExp(`^API key that begins with ${key["prefix"]}`))).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/keys\\?q=${key["prefix"]}$`));
});

test("an id that is pasted leads to what it is the id of", async ({ page, signIn, gapin }) => {
  const session = `sess_${randomUUID().slice(0, 8)}`;
  const [id = ""] = await record(gapin, [event(gapin, { metadata: { session_id: session } })]);
  await signIn(page);
  await opened(page);
  await input(page).fill(`"event_id": "${id.toUpperCase()}",`);
  await expect(option(page, `Event ${id}`)).toHaveAttribute("data-highlighted", "");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/event/${id}$`));

  await opened(page);
  await input(page).fill(session);
  await expect(option(page, `Session ${session}`)).toHaveAttribute("data-highlighted", "");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/sessions/${session}`));
});

test("? lists the shortcuts that work, and they do", async ({ page, signIn }) => {
  await signIn(page);
  await page.goto("/status");
  await page.getByRole("heading", { name: "Status", level: 1 }).waitFor();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(dialog.getByText("Go to Dead letters")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/dead-letters$/);
});

test("on a phone", async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn(page);
  await page.goto("/status");
  await page.getByRole("heading", { name: "Status", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Search" }).click();
  await input(page).fill("nothing is called so, really");
  await expect(option(page, /^Search events for/)).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
});
