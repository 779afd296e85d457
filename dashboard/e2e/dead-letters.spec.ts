/** Dead letters: why, what to do, and redriving them, on a store that really refuses rows. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Gateway } from "./gateway";
import { event, expect, expectAccessible, expectFits, PHONE, record } from "./harness";
import { ownGateway } from "./own-gateway";

const test = ownGateway();

const SQL =
  "import sqlite3, sys; store = sqlite3.connect(sys.argv[1], timeout=60); store.execute(sys.argv[2]); store.commit()";

/** What an operator could have put into the database by hand. */
function sql(gapin: Gateway, statement: string): void {
  execFileSync("python3", ["-c", SQL, join(gapin.data, "store.sqlite"), statement]);
}

function eventId(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Events of the session `poison` are refused by the store until the rule is dropped. */
async function refused(gapin: Gateway, count: number): Promise<void> {
  // Each is another: the same event at the same millisecond would be stored once.
  const poisoned = Array.from({ length: count }, (_, index) =>
    event(gapin, { sequence: index + 1, metadata: { session_id: "poison" } }),
  );
  // The last one is good: once it is stored, the others were tried.
  await record(gapin, [...poisoned, event(gapin)]);
}

test.beforeAll(async ({ gapin }) => {
  const event_id = eventId();
  await record(gapin, [event(gapin, { event_id })]);
  await record(gapin, [
    event(gapin, { event_id, query: { prompt: "Write to ann@example.com <b>now</b> \u202e" } }),
    event(gapin),
  ]);
  sql(
    gapin,
    "CREATE TRIGGER no_poison BEFORE INSERT ON aibbar_events WHEN NEW.session_id = 'poison' BEGIN SELECT RAISE(ABORT, 'no poison'); END",
  );
  await refused(gapin, 3);
});

const rows = (page: Page) => page.getByRole("table", { name: "Dead letters, newest first" }).getByRole("row");

async function open(page: Page, search = ""): Promise<void> {
  await page.goto(`/dead-letters${search}`);
  await page.getByRole("heading", { name: "Dead letters", level: 1 }).waitFor();
}

test("each letter says why, what to do, and what it carries", async ({ page, signIn }) => {
  await signIn(page);
  await open(page);
  await expect(rows(page)).toHaveCount(5);
  await expectAccessible(page);

  await page.getByRole("combobox", { name: "Reason" }).click();
  await page.getByRole("option", { name: "Id used twice" }).click();
  await expect(page).toHaveURL(/reason=event_id_conflict/);
  await expect(rows(page)).toHaveCount(2);
  await page.reload();
  await expect(rows(page)).toHaveCount(2);

  await page.getByRole("link", { name: "Id used twice" }).click();
  await expect(page.getByRole("heading", { name: /^Dead letter \d+-\d+$/, level: 1 })).toBeVisible();
  await expect(page.getByText("This letter can’t be redriven")).toBeVisible();
  await expect(page.getByRole("button", { name: "Redrive" })).toBeHidden();
  await expect(page.getByText("hidden: email")).toBeVisible();
  await expect(page.getByText("\\u202e")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "See the event that has this id" }).click();
  await expect(page).toHaveURL(/\/event\//);
});

test("one letter, and all that match, are redriven once their cause is mended", async ({
  page,
  signIn,
  gapin,
}) => {
  await signIn(page);
  await open(page, "?reason=refused_by_store");
  await expect(rows(page)).toHaveCount(4);
  sql(gapin, "DROP TRIGGER no_poison");

  await page.getByRole("link", { name: "Refused by the store" }).first().click();
  await page.getByRole("button", { name: "Redrive", exact: true }).click();
  const confirm = page.getByRole("alertdialog", { name: "Redrive this letter?" });
  await expect(confirm).toContainText("1 record is appended to the log again");
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Redrive" }).click();
  await expect(confirm).toBeHidden();
  await expect(page.getByRole("button", { name: "Redrive again" })).toBeVisible();

  await open(page);
  await expect(rows(page)).toHaveCount(4);
  await page
    .getByRole("checkbox", { name: /^Select letter/ })
    .first()
    .check();
  await page.getByRole("button", { name: "Redrive 1" }).click();
  const dialog = page.getByRole("dialog", { name: "Redrive dead letters" });
  await expect(dialog.getByText("1 letter will be redriven.")).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: "Redrive all that match" }).click();
  await expect(dialog.getByText("2 letters will be redriven.")).toBeVisible();
  await expect(dialog.getByText("1 letter left out")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Redrive 2 letters" }).click();
  await expect(dialog.getByText("2 records are in the log again.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(rows(page)).toHaveCount(2);

  const headers = { Authorization: `Bearer ${gapin.access.apiKey}` };
  const stored = async () => {
    const answer = await fetch(`${gapin.url}/aibbar/events?session_id=poison`, { headers });
    return ((await answer.json()) as { items: unknown[] }).items.length;
  };
  await expect.poll(stored, { timeout: 60_000 }).toBe(3);

  await page.getByLabel("State").getByText("Redriven").click();
  await expect(rows(page)).toHaveCount(4);
});

test("on a phone", async ({ page, signIn }) => {
  await page.setViewportSize(PHONE);
  await signIn(page);
  await open(page, "?state=all");
  await expect(
    page.getByRole("list", { name: "Dead letters, newest first" }).getByRole("listitem"),
  ).toHaveCount(4);
  await expectFits(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Id used twice" }).click();
  await page.getByRole("heading", { name: "Why" }).waitFor();
  await expectFits(page);
  await expectAccessible(page);

  await open(page, "?state=redriven");
  await page.getByRole("link", { name: "Refused by the store" }).first().click();
  await page.getByRole("button", { name: "Redrive again" }).click();
  const confirm = page.getByRole("alertdialog");
  await expectFits(page);
  await confirm.getByRole("button", { name: "Redrive" }).click();
  await expect(confirm).toBeHidden();
  await expectFits(page);
});
