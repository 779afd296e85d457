// Drives the page in the system's Chromium, as a person would: page.mjs http://127.0.0.1:3000 MESSAGE PICTURE.png
// Says what it saw as one line of JSON.
import { accessSync, constants } from "node:fs";
import { chromium } from "playwright-core";

const WAIT_MS = 120_000;
const [address, message, picture] = process.argv.slice(2);
if (picture === undefined) {
  console.error("usage: page.mjs ADDRESS MESSAGE PICTURE.png");
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath: found(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]),
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
  page.setDefaultTimeout(WAIT_MS);
  const elsewhere = [];
  page.on("request", (request) => new URL(request.url()).origin !== address && elsewhere.push(request.url()));
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));

  await page.goto(address, { timeout: WAIT_MS });
  await page.getByLabel("Your message").fill(message);
  await page.getByRole("button", { name: "Send" }).click();

  // Streamed: the answer is seen while it grows.
  const answer = page.getByTestId("assistant");
  const lengths = new Set();
  await answer.waitFor();
  for (const end = Date.now() + WAIT_MS; ; await page.waitForTimeout(20)) {
    const said = await answer.textContent();
    lengths.add(said.length);
    if (said.endsWith("sent it.")) break;
    if (Date.now() > end) throw new Error(`the answer has not ended: ${said}`);
  }
  await page.locator('[data-testid="kept"][data-type="ai.response"]').waitFor();
  const kept = page.getByTestId("kept");
  const types = await kept.evaluateAll((events) => events.map((event) => event.dataset.type));
  const asked = await page.locator('[data-type="ai.query"]').textContent();
  const answered = await page.locator('[data-type="ai.response"]').textContent();
  await page.screenshot({ path: picture });
  console.log(JSON.stringify({ types, asked, answered, sizes: lengths.size, elsewhere, faults }));
} finally {
  await browser.close();
}

function found(programs) {
  for (const program of programs) {
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {
      // The next one.
    }
  }
  console.error("there is no Chromium: apt-get install chromium");
  process.exit(2);
}
