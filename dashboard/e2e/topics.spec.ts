/** Topics, as people make, read, change and delete them. */
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { expect, expectAccessible, expectFits, PHONE, test } from "./harness";

interface Message {
  key?: string;
  message: unknown;
  headers?: Record<string, string>;
}

/** Asks as a program does, with an API key. */
async function ask(
  gapin: Gateway,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${gapin.access.apiKey}`, "Content-Type": "application/json" };
  const answer = await fetch(`${gapin.url}${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

let made = 0;

/** A topic of its own for each test, with these messages in it. */
async function topicWith(gapin: Gateway, settings: object, messages: Message[] = []): Promise<string> {
  made += 1;
  const name = `topic-${made}.test`;
  await ask(gapin, "POST", "/api/v1/topics", { name, ...settings });
  for (let from = 0; from < messages.length; from += 1_000) {
    await ask(gapin, "POST", `/events/publish?topic=${name}`, messages.slice(from, from + 1_000));
  }
  return name;
}

const numbered = (count: number): Message[] =>
  Array.from({ length: count }, (_, n) => ({ key: `key-${n % 7}`, message: { n } }));

const rows = (page: Page) => page.getByRole("table", { name: "Messages" }).locator("tbody tr");

test("a topic is created, published to, changed, and deleted by its name", async ({
  page,
  signIn,
  gapin,
}) => {
  await signIn(page);
  await page.goto("/topics");
  await expect(page.getByRole("link", { name: /aibbar\.events/ })).toBeVisible();
  await page.getByRole("button", { name: "Create topic" }).click();
  const create = page.getByRole("dialog", { name: "Create topic" });
  await create.getByLabel("Name").fill("aibbar.mine");
  await create.getByLabel("Partitions").fill("0");
  await create.getByRole("button", { name: "Create topic" }).click();
  await expect(create.getByText("GAPIN’s own")).toBeVisible();
  await expect(create.getByText("A whole number from 1 to 1,000.")).toBeVisible();
  await expectAccessible(page);
  await create.getByLabel("Name").fill("orders-by-hand");
  await create.getByLabel("Partitions").fill("2");
  await create.getByText("30 days").click();
  await create.getByRole("button", { name: "Create topic" }).click();
  await expect(page).toHaveURL(/\/topics\/orders-by-hand$/);
  await expect(page.getByRole("heading", { level: 1, name: "orders-by-hand" })).toBeVisible();
  await expect(page.getByText("30 days", { exact: true }).last()).toBeVisible();

  await page.getByRole("button", { name: "Publish a test message" }).click();
  const publish = page.getByRole("dialog", { name: "Publish a test message" });
  await publish.getByLabel("Message").fill('{"id": 7,}');
  await publish.getByLabel("API key").fill(gapin.access.apiKey);
  await publish.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(publish.getByText("This is no JSON")).toBeVisible();
  await expectAccessible(page);
  await publish.getByLabel("Message").fill('{"id": 7, "to": "jane@example.com"}');
  await publish.getByLabel("Key", { exact: true }).fill("order-7");
  await publish.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(publish.getByText("Published", { exact: true })).toBeVisible();
  await publish.getByRole("button", { name: "Show it" }).click();
  await expect(page).toHaveURL(/start=offset/);
  const panel = page.getByRole("complementary", { name: /offset 0/ });
  await expect(panel.getByText("order-7")).toBeVisible();
  await expect(panel.getByText("[REDACTED:email]")).toBeVisible();
  await expect(page.getByText("jane@example.com")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();

  await page.getByRole("tab", { name: "Overview" }).click();
  await page.getByText("1h", { exact: true }).click();
  await expect(page).toHaveURL(/period=1h/);
  const came = page.getByRole("region", { name: "Messages per second" });
  await expect(came.getByText(/^1 message, /).first()).toBeAttached({ timeout: 30_000 });
  await expect(page.getByRole("region", { name: "Messages refused" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("tab", { name: "Configuration" }).click();
  await page.getByLabel("Partitions").fill("1");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("they cannot be taken away")).toBeVisible();
  await page.getByLabel("Partitions").fill("4");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("The topic is changed.")).toBeVisible();
  const kept = await ask(gapin, "GET", "/api/v1/topics/orders-by-hand");
  expect(kept).toMatchObject({ partitions: 4, retention_days: 30 });
  await expectAccessible(page);

  await page.getByRole("button", { name: "Delete topic" }).click();
  const remove = page.getByRole("alertdialog", { name: "Delete orders-by-hand" });
  const confirm = remove.getByRole("button", { name: "Delete topic" });
  await expect(confirm).toBeDisabled();
  await remove.getByRole("textbox").fill("orders");
  await expect(confirm).toBeDisabled();
  await remove.getByRole("textbox").fill("orders-by-hand");
  await confirm.click();
  await expect(page).toHaveURL(/\/topics$/);
  await expect(page.getByRole("link", { name: "orders-by-hand" })).toHaveCount(0);
});

test.describe("a name that is taken", () => {
  test.use({ allowed: ["status of 409"] });

  test("is said at its field", async ({ page, signIn, gapin }) => {
    const name = await topicWith(gapin, { partitions: 1 });
    await signIn(page);
    await page.goto("/topics?create=1");
    const create = page.getByRole("dialog", { name: "Create topic" });
    await create.getByLabel("Name").fill(name);
    await create.getByRole("button", { name: "Create topic" }).click();
    await expect(create.getByLabel("Name")).toHaveAccessibleDescription(/There is a topic of this name/);
  });
});

test("messages are found from both ends, by offset and by time, page by page", async ({
  page,
  signIn,
  gapin,
}) => {
  const name = await topicWith(gapin, { partitions: 1 }, numbered(1_500));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const between = new Date().toISOString();
  await ask(gapin, "POST", `/events/publish?topic=${name}`, [{ message: { n: "late" } }]);
  await signIn(page);
  await page.goto(`/topics/${name}?tab=messages`);
  const first = rows(page).first();
  await expect(first).toContainText("late");
  await expect(rows(page)).toHaveCount(50);
  await expectAccessible(page);

  await page.getByText("Oldest", { exact: true }).click();
  await expect(first).toContainText('{"n":0}');
  await page.getByRole("button", { name: "Next", exact: true }).click();
  await expect(first).toContainText('{"n":50}');
  await page.getByRole("button", { name: "Previous", exact: true }).click();
  await expect(first).toContainText('{"n":0}');

  await page.getByText("Offset", { exact: true }).first().click();
  await expect(page.getByText("offsets are counted in each")).toBeVisible();
  await page.getByRole("combobox", { name: "Partition" }).click();
  await page.getByRole("option", { name: "Partition 0" }).click();
  await page.getByRole("textbox", { name: "Offset" }).fill("777");
  await page.getByRole("button", { name: "Go" }).click();
  await expect(first).toContainText('{"n":777}');
  await page.getByRole("button", { name: "Previous", exact: true }).click();
  await expect(first).toContainText('{"n":727}');
  await page.goBack();
  await expect(first).toContainText('{"n":777}');

  await page.goto(`/topics/${name}?tab=messages&start=time&at=${encodeURIComponent(between)}`);
  await expect(rows(page)).toHaveCount(1);
  await expect(first).toContainText("late");
  await expect(page.getByText("Up to the end.")).toBeVisible();
});

test("a message is shown whole, as it is, and moved from by keys", async ({ page, signIn, gapin }) => {
  const headers = { trace: "<b>bold</b>", way: "left\u202eright" };
  const name = await topicWith(gapin, { partitions: 1 }, [
    {
      key: "<img src=x onerror=alert(1)>",
      message: { html: "<script>alert(1)</script>", deep: [[[[[[]]]]]] },
      headers,
    },
    { message: "x".repeat(200_000) },
    { message: 12.5 },
  ]);
  page.on("dialog", () => expect("a dialog").toBe("none"));
  await signIn(page);
  await page.goto(`/topics/${name}?tab=messages&start=earliest`);
  await rows(page).first().getByRole("button").click();
  await expect(page).toHaveURL(/message=0%3A0|message=0:0/);
  const panel = page.getByRole("complementary", { name: /Partition 0, offset/ });
  await expect(panel.getByText("<img src=x onerror=alert(1)>")).toBeVisible();
  await expect(panel.getByText("<b>bold</b>")).toBeVisible();
  await expect(panel.getByText("<script>alert(1)</script>")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("j");
  await expect(panel.getByRole("heading", { name: "Partition 0, offset 1" })).toBeVisible();
  await expect(panel.getByText(/200 kB|200,002/).first()).toBeVisible();
  await page.reload();
  await expect(panel.getByRole("heading", { name: "Partition 0, offset 1" })).toBeVisible();
});

test("a group's lag is told, and where it would go on before it is reset", async ({
  page,
  signIn,
  gapin,
}) => {
  const name = await topicWith(gapin, { partitions: 2 }, numbered(40));
  const reader = { topic: name, group: "billing", reader: "worker-1" };
  const query = new URLSearchParams({ ...reader, limit: "10", wait_ms: "10000" });
  const read = await ask(gapin, "GET", `/events/read?${query}`);
  await ask(gapin, "POST", "/events/commit", { ...reader, cursor: read["next_cursor"] });
  await ask(gapin, "POST", "/events/leave", reader).catch(() => undefined);

  await signIn(page);
  await page.goto(`/topics/${name}?tab=consumers`);
  await expect(page.getByText("billing", { exact: true })).toBeVisible();
  await expect(page.getByText("30 messages")).toBeVisible();
  await expect(page.getByText("Nobody reads")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Reset" }).click();
  const dialog = page.getByRole("dialog", { name: "Reset billing" });
  await dialog.getByText("The latest: only what comes from now on").click();
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog.getByText(/partitions? moves?\./)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Reset group" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("0 messages")).toBeVisible();
});

test("the list tells what is in each topic, and fits a phone", async ({ page, signIn, gapin }) => {
  const name = await topicWith(gapin, { partitions: 3 }, numbered(25));
  await signIn(page);
  await page.goto("/topics");
  const row = page.getByRole("row").filter({ hasText: name });
  // Gateways hand on what they counted every two seconds.
  await expect(async () => {
    await page.reload();
    await expect(row.getByText("25").first()).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await expectAccessible(page);
  await page.getByRole("searchbox", { name: "Filter topics" }).fill("no such topic");
  await expect(page.getByText("No topic has")).toBeVisible();
  await page.getByRole("button", { name: "Show all topics" }).click();
  await expect(row).toBeVisible();

  await page.setViewportSize(PHONE);
  for (const path of [
    "/topics",
    `/topics/${name}`,
    `/topics/${name}?tab=messages`,
    `/topics/${name}?tab=configuration`,
    `/topics/${name}?dialog=publish`,
    "/topics/aibbar.events",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByText(name).or(page.getByText("aibbar.events")).first()).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
  }
});

test.describe("a topic that is not there", () => {
  test.use({ allowed: ["status of 404"] });

  test("is said so", async ({ page, signIn }) => {
    await signIn(page);
    await page.goto("/topics/no-such-topic");
    await expect(page.getByText("There is no such thing")).toBeVisible();
    await page.getByRole("link", { name: "Topics" }).last().click();
    await expect(page).toHaveURL(/\/topics$/);
  });
});
