/** Sessions: one run of an agent, from the list to its timeline. */
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, expectFits, newSession, PHONE, record, test } from "./harness";
import type { Event } from "./record";

/** A run with a question, a tool, a decision, an answer and an error; two of its numbers are missing. */
function run(gapin: Gateway, session: string, aiId: string): Event[] {
  const begun = Date.now() - 60_000;
  const metadata = { session_id: session, user_id: "jane.doe@example.com" };
  const told = (sequence: number, seconds: number, type: string, part: Event) =>
    event(gapin, {
      ai_id: aiId,
      event_type: type,
      decision: undefined,
      sequence,
      timestamp: new Date(begun + seconds * 1_000).toISOString(),
      metadata,
      ...part,
    });
  return [
    told(1, 0, "ai.query", { query: { prompt: "Where is my order?", model: "gpt-4o" } }),
    told(2, 2, "ai.action", {
      action: {
        function: "find_order",
        input: { order: 4711 },
        output: "shipped",
        latency_ms: 1_500,
        model: "gpt-4o",
      },
    }),
    told(3, 3, "ai.decision", {
      decision: { type: "reply", logic: "why", options: ["refund", "tell"], chosen: "tell", confidence: 0.9 },
    }),
    told(6, 6, "ai.response", {
      response: {
        output: "It was shipped.",
        model: "gpt-4o",
        usage: { input_tokens: 1_000_000, output_tokens: 100_000 },
        latency_ms: 2_000,
      },
    }),
    told(7, 9, "ai.error", { error: { code: "mail_failed", message: "no route", recoverable: false } }),
  ];
}

const steps = (page: Page) => page.getByRole("grid", { name: "Events in order" }).getByRole("row");

test.beforeEach(async ({ page, signIn }) => {
  await signIn(page);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("a session is found in the list, and shown as a run", async ({ page, gapin }) => {
  const session = newSession();
  await record(gapin, run(gapin, session, crypto.randomUUID()));
  await page.goto("/sessions");
  const row = page.getByRole("row").filter({ hasText: session.slice(0, 20) });
  await expect(row).toContainText("1 error");
  await expectAccessible(page);
  await page.getByRole("searchbox", { name: "Session id" }).fill(session.slice(-8));
  await page.getByRole("link", { name: new RegExp(session.slice(0, 20)) }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Session" })).toBeVisible();
  await expect(page.getByRole("img", { name: "5 events in 9 s, on a time axis" })).toBeVisible();
  await expect(steps(page)).toHaveCount(6);
  await expect(steps(page).nth(0)).toContainText("Where is my order?");
  await expect(steps(page).nth(3)).toContainText("Sequence 4–5: 2 events were not recorded");
  await expect(page.getByText("$3.50").first()).toBeVisible();
  await expect(page.getByText("estimated", { exact: true })).toBeVisible();
  await expect(page.getByText("1 not recoverable")).toBeVisible();
  await expectAccessible(page);
});

test("what another session has is not called missing", async ({ page, gapin }) => {
  const [one, other] = [newSession(), newSession()];
  const aiId = crypto.randomUUID();
  const events = run(gapin, one, aiId);
  const between = [4, 5].map((sequence) => ({
    ...(events[0] as Event),
    sequence,
    timestamp: new Date(Date.now() - 56_000 + sequence).toISOString(),
    metadata: { session_id: other },
  }));
  await record(gapin, [...events, ...between]);
  await page.goto(`/sessions/${one}`);
  await expect(steps(page)).toHaveCount(5);
  await expect(page.getByText("Missing events")).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: /^None$/ })).toBeVisible();
});

test("its events are gone through by keys, beside their story", async ({ page, gapin }) => {
  const session = newSession();
  const ids = await record(gapin, run(gapin, session, crypto.randomUUID()));
  await page.goto(`/sessions/${session}`);
  await steps(page).filter({ hasText: "find_order" }).click();
  const panel = page.getByRole("complementary");
  await expect(panel).toContainText("Called find_order in 1.5 s");
  await expect(page).toHaveURL(new RegExp(`event=${ids[1]}`));
  await page.keyboard.press("j");
  await expect(panel).toContainText("chose “tell”");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
});

test("a session that goes on grows", async ({ page, gapin }) => {
  const session = newSession();
  const aiId = crypto.randomUUID();
  const events = run(gapin, session, aiId);
  await record(gapin, events.slice(0, 2));
  await page.goto(`/sessions/${session}`);
  await expect(steps(page)).toHaveCount(2);
  await record(gapin, events.slice(2, 3));
  await expect(steps(page)).toHaveCount(3);
});

test("the time axis is zoomed by a drag and by its buttons", async ({ page, gapin }) => {
  const session = newSession();
  await record(gapin, run(gapin, session, crypto.randomUUID()));
  await page.goto(`/sessions/${session}`);
  const axis = page.getByRole("img", { name: /on a time axis/ });
  await expect(axis).toBeVisible();
  const fit = page.getByRole("button", { name: "Show all" });
  await expect(fit).toBeDisabled();
  const box = await axis.boundingBox();
  if (box === null) throw new Error("the axis is not there");
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 40, { steps: 5 });
  await page.mouse.up();
  await expect(fit).toBeEnabled();
  await fit.click();
  await expect(fit).toBeDisabled();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect(page.getByRole("button", { name: "Zoom out" })).toBeEnabled();
});

test("one that is not there says so", async ({ page }) => {
  await page.goto(`/sessions/${newSession()}`);
  await expect(page.getByText("No events of this session")).toBeVisible();
  await expectAccessible(page);
});

test("on a phone it fits", async ({ page, gapin }) => {
  await page.setViewportSize(PHONE);
  const session = newSession();
  await record(gapin, run(gapin, session, crypto.randomUUID()));
  await page.goto(`/sessions/${session}`);
  await expect(steps(page)).toHaveCount(6);
  await expectFits(page);
  await expectAccessible(page);
  await page.goto("/sessions");
  await expect(page.getByText(session.slice(0, 12)).first()).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
});

test("the list is filtered by its address: by system, errors and time", async ({ page, gapin }) => {
  const [good, bad] = [newSession(), newSession()];
  const [aiId, otherId] = [crypto.randomUUID(), crypto.randomUUID()];
  await record(gapin, [...run(gapin, good, otherId).slice(0, 3), ...run(gapin, bad, aiId)]);
  const row = (session: string) => page.getByRole("row").filter({ hasText: session.slice(0, 20) });
  await page.goto("/sessions");
  await expect(row(good)).toBeVisible();
  await expect(row(bad)).toBeVisible();

  await page.getByRole("switch", { name: "With errors only" }).click();
  await expect(page).toHaveURL(/errors=1/);
  await expect(row(good)).toBeHidden();
  await expect(row(bad)).toContainText("1 error");
  await expect(page.getByText(/^Looked at \d+ errors?, back to/)).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/sessions?ai=${otherId}`);
  await expect(row(good)).toBeVisible();
  await expect(row(bad)).toBeHidden();
  await expect(page.getByText("Counts only the events of this AI system.")).toBeVisible();
  await page.getByText("1h", { exact: true }).click();
  await expect(page).toHaveURL(/range=1h/);
  await expect(page).toHaveURL(new RegExp(`ai=${otherId}`));
  await expect(row(good)).toBeVisible();

  await page.goto(`/sessions?ai=${otherId}&errors=1`);
  await expect(page.getByText("No sessions found")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/sessions$/);
  await expect(row(good)).toBeVisible();
});

test("older ones are brought, and it says how far back it has looked", async ({ page, gapin }) => {
  const old = newSession();
  const now = Date.now();
  // Of a system of its own: other tests record events too.
  const aiId = crypto.randomUUID();
  const later = (session: string, at: number) =>
    event(gapin, { ai_id: aiId, timestamp: new Date(at).toISOString(), metadata: { session_id: session } });
  await record(gapin, [later(old, now - 120_000)]);
  await record(
    gapin,
    Array.from({ length: 210 }, (_, index) => later(newSession(), now + index)),
  );
  await page.goto(`/sessions?ai=${aiId}`);
  await expect(page.getByText("Looked at 200 events, back to")).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: old.slice(0, 20) });
  await expect(row).toBeHidden();
  const older = page.getByRole("button", { name: "Older sessions" });
  await older.click();
  await expect(row).toBeVisible();
  await expect(older).toBeHidden();
  await expect(page.getByText("There are no older ones.")).toBeVisible();

  // However old it is, its id opens it.
  await page.goto("/sessions");
  await page.getByRole("searchbox", { name: "Session id" }).fill(old);
  await page.getByRole("button", { name: `Open the session ${old}` }).click();
  await expect(steps(page)).toHaveCount(1);
});
