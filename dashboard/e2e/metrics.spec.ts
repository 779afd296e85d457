/** The metrics, of events and messages that were really sent. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, expectFits, PHONE, record, test } from "./harness";

/** Some of everything that is counted: events with something to hide, messages, and one that is refused. */
async function send(gapin: Gateway): Promise<void> {
  const decision = {
    type: "refund",
    logic: "mail jane@example.com",
    options: ["a"],
    chosen: "a",
    confidence: 1,
  };
  const error = { code: "tool_timeout", message: "no answer", recoverable: true };
  const events = [
    ...Array.from({ length: 18 }, () => event(gapin, { decision })),
    ...Array.from({ length: 2 }, () => event(gapin, { event_type: "ai.error", decision: undefined, error })),
  ];
  await record(gapin, events);
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  const post = (path: string, body: unknown) =>
    fetch(`${gapin.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  await post("/api/v1/topics", { name: "metered", partitions: 1, schema: { type: "object" } });
  await post("/events/publish?topic=metered", [{ message: { n: 1 } }, { message: "no object" }]);
}

/** Events of today, as the API counts them: other tests record some, too. */
async function eventsToday(gapin: Gateway): Promise<string> {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}` };
  const answer = await fetch(`${gapin.url}/api/v1/topics/aibbar.events`, { headers });
  const { statistics } = (await answer.json()) as { statistics: { messages_today: number } };
  return statistics.messages_today.toLocaleString("en-GB");
}

test("what was sent is counted, charted, and there as a table and a file", async ({
  page,
  signIn,
  gapin,
}) => {
  await send(gapin);
  await signIn(page);
  await page.goto("/statistics");
  await expect(page.getByRole("heading", { level: 1, name: "Metrics" })).toBeVisible();
  const tiles = page.getByRole("region", { name: "At a glance" });
  const today = await eventsToday(gapin);
  await expect(tiles.getByText(today, { exact: true })).toBeVisible();
  await expect(page.getByText("ai.decision")).toBeVisible();
  // Gateways hand on what they counted every two seconds, the page asks every ten.
  await expect(page.getByText("schema_violation")).toBeVisible();
  await expect(page.getByRole("link", { name: "metered" })).toBeVisible();
  const errorType = page.getByRole("link", { name: "tool_timeout" });
  await expect(errorType).toHaveAttribute("href", /type=ai\.error.*q=tool_timeout/);
  await expect(page.getByText("email", { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/Refreshed (just now|\d+ s ago)/)).toBeVisible();
  await expectAccessible(page);

  const throughput = page.getByRole("region", { name: "Throughput" });
  await throughput.getByRole("button", { name: "View as table" }).click();
  await expect(throughput.getByRole("columnheader", { name: "Events" })).toBeVisible();
  await expectAccessible(page);
  const downloaded = page.waitForEvent("download");
  await throughput.getByRole("button", { name: "CSV" }).click();
  const file = await (await downloaded).path();
  const lines = (await readFile(file, "utf8")).trim().split("\r\n");
  expect(lines[0]).toContain("Time,Events,Messages");
  expect(lines).toHaveLength(61);

  await page.getByText("24h", { exact: true }).click();
  await expect(page).toHaveURL(/period=24h/);
  await expect(tiles.getByText(today, { exact: true })).toBeVisible();
});

test("a time is zoomed to, and a point leads to its events", async ({ page, signIn, gapin }) => {
  await send(gapin);
  await signIn(page);
  await page.goto("/statistics");
  const chart = page.getByRole("slider", { name: "Throughput" });
  await expect(chart).toBeVisible();
  await chart.focus();
  for (const key of ["ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Enter"]) {
    await page.keyboard.press(key);
  }
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByText(/Zoomed to/)).toBeVisible();
  // All charts are zoomed alike.
  for (const name of ["Throughput", "Refused"]) {
    await expect(page.getByRole("slider", { name })).toHaveAttribute("aria-valuemax", "3");
  }
  await expectAccessible(page);
  await page.getByRole("button", { name: "Reset zoom" }).click();
  await expect(page).not.toHaveURL(/from=/);
  await expect(chart).toHaveAttribute("aria-valuemax", "59");

  await chart.focus();
  await page.keyboard.press("End");
  const [step] = ((await chart.getAttribute("aria-valuetext")) ?? "").split(": ");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/live\?from=.*to=/);
  const params = new URL(page.url()).searchParams;
  const [from, to] = [params.get("from"), params.get("to")].map((at) => Date.parse(at ?? ""));
  expect((to ?? 0) - (from ?? 0)).toBe(60_000);
  const zone = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" } as const;
  expect(step).toContain(new Intl.DateTimeFormat("en-GB", zone).format(from));
});

test("the crosshair of one chart is that of all", async ({ page, signIn, gapin }) => {
  await send(gapin);
  await signIn(page);
  await page.goto("/statistics");
  const chart = page.getByRole("slider", { name: "Throughput" });
  const other = page.getByRole("slider", { name: "Refused" });
  await expect(other).toBeVisible();
  await chart.focus();
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuenow", "0");
  await expect(other).toHaveAttribute("aria-valuenow", "0");
});

/** A place in a chart, as a share of its width. */
async function at(page: Page, name: string, share: number): Promise<{ x: number; y: number }> {
  const chart = page.getByRole("slider", { name });
  // It is drawn once it is about to be seen.
  await page.getByRole("region", { name, exact: true }).scrollIntoViewIfNeeded();
  const plot = chart.locator(".u-over");
  await expect(plot).toBeVisible();
  const box = await plot.boundingBox();
  if (box === null) throw new Error(`the chart ${name} is not there`);
  return { x: box.x + box.width * share, y: box.y + box.height / 2 };
}

test("by mouse: one crosshair on all charts, a drag zooms, a click opens the events", async ({
  page,
  signIn,
  gapin,
}) => {
  await send(gapin);
  await signIn(page);
  await page.goto("/statistics");
  const now = (name: string) => page.getByRole("slider", { name });
  await expect(now("Refused")).toBeVisible();

  const middle = await at(page, "Throughput", 0.5);
  await page.mouse.move(middle.x, middle.y);
  await expect(now("Throughput")).toHaveAttribute("aria-valuenow", /^(29|30)$/);
  const step = (await now("Throughput").getAttribute("aria-valuenow")) ?? "";
  await expect(now("Refused")).toHaveAttribute("aria-valuenow", step);
  const told = ((await now("Throughput").getAttribute("aria-valuetext")) ?? "").split(": ")[0] ?? "?";
  await expect(now("Refused")).toHaveAttribute("aria-valuetext", new RegExp(`^${told}: `));
  // Gone from the chart, the newest values are told again.
  await page.mouse.move(1, 1);
  await expect(now("Refused")).not.toHaveAttribute("aria-valuenow", step);

  const [from, to] = [await at(page, "Throughput", 0.8), await at(page, "Throughput", 1)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x - 1, to.y + 30, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByText(/Zoomed to/)).toBeVisible();
  for (const name of ["Throughput", "Refused"]) {
    await expect(now(name)).toHaveAttribute("aria-valuemax", /^1[012]$/);
  }

  await expect(page.getByText(/^A point opens all events of its time/)).toBeVisible();
  const last = await at(page, "Redactions", 1);
  await page.mouse.move(last.x - 1, last.y);
  const end = await now("Redactions").getAttribute("aria-valuemax");
  await expect(now("Redactions")).toHaveAttribute("aria-valuenow", end ?? "");
  await page.mouse.click(last.x - 1, last.y);
  await expect(page).toHaveURL(/\/live\?from=.*to=/);
  const params = new URL(page.url()).searchParams;
  const [begin, over] = [params.get("from"), params.get("to")].map((moment) => Date.parse(moment ?? ""));
  expect((over ?? 0) - (begin ?? 0)).toBe(60_000);
  await expect(page.getByRole("heading", { level: 1, name: "Live events" })).toBeVisible();
});

test("it is refreshed by itself and by hand, and what is shown stays meanwhile", async ({
  page,
  signIn,
  gapin,
}) => {
  await send(gapin);
  await signIn(page);
  await page.goto("/statistics");
  await expect(page.getByRole("slider", { name: "Throughput" })).toBeVisible();
  const asked = () => page.waitForRequest((request) => request.url().includes("/metrics/throughput"));
  const byItself = asked();
  await byItself;
  await expect(page.getByRole("slider", { name: "Throughput" })).toBeVisible();
  const byHand = asked();
  await page.getByRole("button", { name: "Refresh" }).click();
  await byHand;
  const byKey = asked();
  await page.keyboard.press("r");
  await byKey;
});

test("it fits a phone", async ({ page, signIn, gapin }) => {
  await send(gapin);
  await page.setViewportSize(PHONE);
  await signIn(page);
  await page.goto("/statistics");
  await expect(page.getByRole("slider", { name: "Throughput" })).toBeVisible();
  await expect(page.getByText("Lag by group")).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
});
