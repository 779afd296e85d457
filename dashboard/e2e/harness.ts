/**
 * What every test has: a real gateway of its worker, a person who is signed in, and the promise that no page logs an error,
 * breaks the policy or fails axe unnoticed.
 */
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { Gateway } from "./gateway";

export { event, newSession, record } from "./record";
export { expect };

export const OWNER = "owner@localhost";
export const PASSWORD = "a quiet harbour at noon";

interface Worker {
  gapin: Gateway;
  /** The cookies of the owner, who has chosen a password. */
  ownerState: Awaited<ReturnType<import("@playwright/test").BrowserContext["storageState"]>>;
}

interface Each {
  /** Expected error lines of this test, as part of their text. */
  allowed: string[];
  /** Signed in as the owner. */
  signIn(page: Page): Promise<void>;
}

export const test = base.extend<Each, Worker>({
  gapin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
    async ({}, use) => {
      const gapin = await Gateway.start();
      await use(gapin);
      await gapin.discard();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  ownerState: [
    async ({ gapin, browser }, use) => {
      const context = await browser.newContext({ baseURL: gapin.url });
      const page = await context.newPage();
      await page.goto("/login");
      await fillSignIn(page, OWNER, gapin.oneTimePassword);
      await page.waitForURL((url) => url.pathname !== "/login");
      const changed = await page.evaluate(
        async ([current, password]) => {
          const token = /__Host-gapin_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
          const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
          const answer = await fetch("/me/password", {
            method: "POST",
            headers,
            body: JSON.stringify({ current, password }),
          });
          return answer.status;
        },
        [gapin.oneTimePassword, PASSWORD] as const,
      );
      expect(changed).toBeLessThan(300);
      const state = await context.storageState();
      await context.close();
      await use(state);
    },
    { scope: "worker", timeout: 180_000 },
  ],
  baseURL: async ({ gapin }, use) => use(gapin.url),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
  allowed: async ({}, use) => use([]),
  page: async ({ page, allowed }, use) => {
    const wrong: string[] = [];
    page.on("console", (line) => {
      if (line.type() === "error" || line.type() === "warning")
        wrong.push(`${line.text()} (${line.location().url})`);
    });
    page.on("pageerror", (error) => wrong.push(String(error)));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy broken: ${event.violatedDirective} by ${event.blockedURI} ${event.sample}`);
      });
    });
    await use(page);
    expect(wrong.filter((line) => !allowed.some((part) => line.includes(part)))).toEqual([]);
  },
  signIn: async ({ ownerState, context }, use) => {
    await use(async (page) => {
      await context.addCookies(ownerState.cookies);
      await page.goto("/");
      await page.waitForURL((url) => url.pathname !== "/");
    });
  },
});

/** Fills the form and sends it. */
export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/**
 * Nothing that axe finds fault with, in the theme that is shown and in the other; of a part of the page, where what lies
 * behind it is dimmed on purpose.
 */
export async function expectAccessible(page: Page, part = "html"): Promise<void> {
  for (const theme of ["light", "dark"]) {
    await page.evaluate(async (chosen) => {
      document.documentElement.dataset["theme"] = chosen;
      // Colours that are still on their way are no colours of the theme.
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      do {
        await frame();
        await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
        await frame();
      } while (document.getAnimations().some(({ playState }) => playState === "running"));
    }, theme);
    const { violations } = await new AxeBuilder({ page })
      .include(part)
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    const told = violations.map(
      ({ id, nodes }) =>
        `${theme}: ${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`).join(" | ")}`,
    );
    expect(told).toEqual([]);
  }
  await page.evaluate(() => {
    delete document.documentElement.dataset["theme"];
  });
}

/** No sideways scroll of the page. */
export async function expectFits(page: Page): Promise<void> {
  const { wide, there } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    there: document.documentElement.clientWidth,
  }));
  expect(wide).toBeLessThanOrEqual(there);
}

export const PHONE = { width: 390, height: 844 };
