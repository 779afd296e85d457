/** What others write into events and names is shown, and does nothing: in every field, on every page that shows it. */
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, expectFits, PHONE, record } from "./harness";
import { ownGateway } from "./own-gateway";
import type { Event } from "./record";

const test = ownGateway();

const MARKUP = `<img src=/nowhere onerror="window.broken=1"><script>window.broken=1</script>{{7*7}}\${7*7}`;
const TURNED = "\u202egnp.exe\u202c \u2067abc\u2069 \u200b\ufeff end";
const EMOJI = "👩‍👩‍👧‍👦🏴‍☠️é̂̃".repeat(8);
/** With its event just below the 256 KiB that an event may have. */
const LONG = `x${"ab ".repeat(85_000)}`;
const UNBROKEN = "W".repeat(3_000);
const HOSTILE = [
  MARKUP,
  TURNED,
  EMOJI,
  LONG,
  UNBROKEN,
  "javascript:alert(1)",
  "__proto__",
  " ",
  "0",
  "null",
  '"\\',
];

function deep(levels: number): unknown {
  let value: unknown = MARKUP;
  for (let level = 0; level < levels; level += 1)
    value = level % 2 === 0 ? [value, null] : { [TURNED]: value, "": null };
  return value;
}

/** One event of each type, with this text wherever a text can be. */
function told(gapin: Gateway, text: string, number: number): Event[] {
  const short = text.slice(0, 200);
  const metadata = {
    session_id: `s ${short.slice(0, 100)}`,
    user_id: short,
    request_id: short,
    country: short,
    region: short,
    labels: { [short.slice(0, 60)]: text.slice(0, 1_000) },
  };
  const one = (sequence: number, event_type: string, part: Event) =>
    event(gapin, {
      event_type,
      ai_version: short.slice(0, 60),
      decision: undefined,
      sequence,
      metadata,
      ...part,
    });
  const at = number * 10 + 1;
  return [
    one(at, "ai.query", { query: { prompt: text, model: short, parameters: deep(20) } }),
    one(at + 1, "ai.action", {
      action: { function: short, input: deep(30), output: text, model: short, latency_ms: 0 },
    }),
    one(at + 2, "ai.decision", {
      decision: {
        type: short,
        logic: text,
        options: [short, MARKUP, null, deep(10)],
        chosen: short,
        confidence: 1,
      },
    }),
    one(at + 3, "ai.error", {
      error: {
        code: short.slice(0, 60),
        message: text.slice(0, 90_000),
        stack: text.slice(0, 90_000),
        recoverable: false,
      },
    }),
    one(at + 4, "ai.response", { response: { output: text, model: short } }),
  ];
}

async function call(gapin: Gateway, path: string, body: unknown): Promise<number> {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  return (await fetch(`${gapin.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })).status;
}

let ids: string[] = [];

test.beforeAll(async ({ gapin }) => {
  test.setTimeout(300_000);
  ids = await record(
    gapin,
    HOSTILE.flatMap((text, number) => told(gapin, text, number)),
  );
  for (const text of [MARKUP, TURNED, EMOJI]) {
    const name = text.slice(0, 60).trim();
    const made = [
      await call(gapin, "/api/v1/ai-systems", { name, owner: name, environment: name, description: text }),
      await call(gapin, "/api/v1/keys", { name, scopes: ["events:read"] }),
    ];
    expect(made).toEqual([201, 201]);
  }
});

/** Nothing ran, nothing hangs over. */
async function isHarmless(page: Page): Promise<void> {
  await expectFits(page);
  expect(await page.evaluate(() => "broken" in window)).toBe(false);
  expect(await page.locator("img[src='/nowhere'], a[href^='javascript:']").count()).toBe(0);
}

const NARROWEST = { width: 360, height: 740 };

for (const [size, viewport] of Object.entries({ wide: { width: 1440, height: 900 }, phone: PHONE })) {
  test(`no page is broken by it (${size})`, async ({ page, signIn }) => {
    test.setTimeout(600_000);
    await page.setViewportSize(viewport);
    await signIn(page);
    for (const path of [
      "/live",
      "/sessions",
      "/ai-systems",
      "/keys",
      "/audit",
      "/statistics",
      "/signing-keys",
      "/topics/aibbar.events",
    ]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle");
      await isHarmless(page);
      if (path !== "/statistics") await expectAccessible(page);
    }
    // All of them once; on a phone some of each type and of each text.
    for (const id of size === "wide" ? ids : ids.filter((_, index) => index % 3 === 0)) {
      await page.goto(`/event/${id}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText(id).first()).toBeVisible();
      await isHarmless(page);
    }
    await page.goto(`/sessions/${encodeURIComponent(`s ${MARKUP.slice(0, 100)}`)}`);
    await expect(page.getByRole("grid", { name: "Events in order" }).getByRole("row")).toHaveCount(5);
    await isHarmless(page);
    await expectAccessible(page);
  });
}

test("every page fits the narrowest screen that it is for", async ({ page, signIn }) => {
  await page.setViewportSize(NARROWEST);
  for (const path of ["/login", "/register", "/forgot-password"]) {
    await page.goto(path);
    await expect(page.locator("h1").first()).toBeVisible();
    await isHarmless(page);
  }
  await signIn(page);
  for (const path of [
    ...[
      "/start",
      "/live",
      "/sessions",
      "/statistics",
      "/topics",
      "/topics/aibbar.events?tab=messages",
      "/dead-letters",
    ],
    ...[
      "/keys",
      "/keys?new=1",
      "/signing-keys",
      "/ai-systems",
      "/members",
      "/audit",
      "/redaction",
      "/status",
    ],
    ...["organisation", "retention", "sessions", "profile", "theme"].map((tab) => `/settings?tab=${tab}`),
    ...["overview", "consumers", "configuration"].map((tab) => `/topics/aibbar.events?tab=${tab}`),
    ...["/topics?create=1", "/signing-keys?new=1", "/ai-systems?new=1", "/sessions?errors=1", "/nowhere"],
    ...["/members?tab=roles", "/members?tab=invitations", "/members?invite=1"],
    `/sessions/${encodeURIComponent("s __proto__")}`,
    `/live?event=${ids[0]}`,
    `/event/${ids[0]}`,
  ]) {
    await page.goto(path);
    await expect(page.locator("h1").first()).toBeVisible();
    await page.waitForLoadState("networkidle");
    await isHarmless(page);
  }
});
