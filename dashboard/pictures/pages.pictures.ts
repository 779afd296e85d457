/** Writes a picture of every page into docs/images: as it is with data at 1440 px in both themes, empty, and on a phone. */
import { expect, PHONE, test } from "../e2e/harness";
import { newSession, record } from "../e2e/record";
import { run, SYSTEMS, setUp } from "./scene";
import { settle, take } from "./take";

const EMPTY = ["live", "sessions", "statistics", "topics", "dead-letters", "ai-systems"];

const PAGES = {
  start: "/start",
  live: "/live",
  sessions: "/sessions",
  metrics: "/statistics?period=1h",
  topics: "/topics",
  topic: "/topics/aibbar.events",
  messages: "/topics/aibbar.events?tab=messages",
  consumers: "/topics/aibbar.events?tab=consumers",
  "dead-letters": "/dead-letters",
  keys: "/keys",
  "signing-keys": "/signing-keys",
  "ai-systems": "/ai-systems",
  "ai-system": `/ai-systems/${SYSTEMS[0]?.ai_id}`,
  members: "/members",
  audit: "/audit",
  redaction: "/redaction",
  status: "/status",
  settings: "/settings",
  retention: "/settings?tab=retention",
} as const;

test("pictures of every page", async ({ page, signIn, gapin }) => {
  test.setTimeout(1_200_000);
  await page.goto("/login");
  await take(page, "sign-in");
  await page.goto("/register");
  await take(page, "register", ["light"]);
  await signIn(page);
  for (const name of EMPTY) {
    await page.goto(`/${name}`);
    await take(page, `${name}-empty`, ["light"]);
  }
  await setUp(gapin);

  // Somebody works meanwhile, so that the curves have a course.
  let number = 100;
  let isOver = false;
  const work = (async () => {
    while (!isOver) {
      const runs = Math.round(3 + 3 * Math.sin(number / 40));
      const now = Date.now();
      await record(
        gapin,
        Array.from({ length: Math.max(1, runs) }, () => run(gapin, number++, now - 6_500)).flat(),
      );
      await new Promise((done) => setTimeout(done, 1_000));
    }
  })();

  const ids = await record(gapin, run(gapin, 1_004, Date.now() - 20_000));
  for (const [name, path] of Object.entries(PAGES).filter(([name]) => name !== "metrics")) {
    await page.goto(path);
    await take(page, name);
  }
  await page.goto(`/event/${ids[2]}`);
  await take(page, "event");
  await page.goto("/sessions/trip-5004");
  await take(page, "session");
  await page.goto("/live?session=trip-5004");
  await page.getByRole("grid").getByRole("row").nth(2).click();
  await expect(page.getByRole("complementary").last()).toBeVisible();
  await take(page, "live-panel");
  await page.goto("/live");
  await settle(page);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").fill("book");
  await expect(page.getByRole("option", { name: /Booking agent/ })).toBeVisible();
  await take(page, "palette");
  await page.goto(`/live?session=${newSession()}`);
  await take(page, "live-nothing", ["light"]);
  await page.goto("/nowhere/at/all");
  await take(page, "not-found", ["light"]);

  await page.setViewportSize(PHONE);
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(path);
    await take(page, `phone-${name}`, ["light"]);
  }
  await page.goto("/sessions/trip-5004");
  await take(page, "phone-session", ["light"]);
  await page.goto(`/event/${ids[2]}`);
  await take(page, "phone-event", ["light"]);

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(PAGES.metrics);
  await take(page, "metrics");
  isOver = true;
  await work;
});
