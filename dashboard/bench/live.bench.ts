/**
 * The live list while events come by the thousand: how long its frames take, and whether its memory stays bounded.
 *
 * The gateway, the load and the browser share one machine, so the same page is measured first without a load: what counts
 * is the difference. RATE events a second (5,000) for SECONDS_OF_LOAD (30); the figures are printed, and kept in
 * live-list.json beside this file. Times are of the machine; that memory and rows stay bounded is of the page, and checked.
 * PROFILE=on tells where the page's time goes besides.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import type { CDPSession, Page } from "@playwright/test";
import { expect, test } from "../e2e/harness";

const RATE = Number(process.env["RATE"] ?? 5_000);
const SECONDS = Number(process.env["SECONDS_OF_LOAD"] ?? 30);
const BATCH = 50;
const BUILT = fileURLToPath(new URL("../../target/release/gapin", import.meta.url));

const RESULT = fileURLToPath(new URL("./live-list.json", import.meta.url));

/** What the list may hold more under load than without, however long it lasts: its newest events, and no others. */
const HEAP_MIB_MORE_MAX = 64;
/** Rows that are drawn: those in sight and a few more. */
const ROWS_MAX = 120;

/** What Chromium's profiler tells. */
interface Profile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number };
  }[];
  samples?: number[];
  timeDeltas?: number[];
}

interface Figures {
  seconds: number;
  frames: number;
  frame_p50_ms: number;
  frame_p95_ms: number;
  frame_p99_ms: number;
  frame_max_ms: number;
  /** Of main-thread time, what scripts and layout took. */
  busy: number;
  script_s: number;
  style_s: number;
  layout_s: number;
  heap_mib_before: number;
  heap_mib_after: number;
  rows_in_page: number;
}

/** Heap in use after a collection, in MiB. */
async function heap(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 2 ** 20;
}

/** Seconds that the page's main thread spent so far, by what it did. */
async function spent(cdp: CDPSession): Promise<(name: string) => number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return (wanted) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
}

/** The page's frames for so long. */
async function measure(page: Page, cdp: CDPSession, seconds: number): Promise<Figures> {
  const before = await heap(cdp);
  const spentBefore = await spent(cdp);
  const times = await page.evaluate(async (ms) => {
    const seen: number[] = [];
    const begin = performance.now();
    let last = begin;
    while (last - begin < ms) {
      const now = await new Promise<number>((done) => requestAnimationFrame(done));
      if (now > last) seen.push(now - last);
      last = now;
    }
    return seen;
  }, seconds * 1000);
  const spentAfter = await spent(cdp);
  const took = (name: string) => round(spentAfter(name) - spentBefore(name));
  const busy = took("TaskDuration") / (times.reduce((sum, ms) => sum + ms, 0) / 1000);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return {
    seconds,
    frames: times.length,
    frame_p50_ms: at(0.5),
    frame_p95_ms: at(0.95),
    frame_p99_ms: at(0.99),
    frame_max_ms: at(1),
    busy: round(busy),
    script_s: took("ScriptDuration"),
    style_s: took("RecalcStyleDuration"),
    layout_s: took("LayoutDuration"),
    heap_mib_before: round(before),
    heap_mib_after: round(await heap(cdp)),
    rows_in_page: await page.getByRole("grid").getByRole("row").count(),
  };
}

/** Where the page's time went, by function. */
function tellWhere({ nodes, samples = [], timeDeltas = [] }: Profile): void {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber, columnNumber } }) => [
      id,
      `${functionName || "(anonymous)"} ${url.split("/").at(-1)}:${lineNumber}:${columnNumber}`,
    ]),
  );
  const spent = new Map<string, number>();
  samples.forEach((id, at) => {
    const name = names.get(id) ?? "?";
    spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[at] ?? 0));
  });
  const most = [...spent].sort(([, a], [, b]) => b - a).slice(0, 30);
  console.table(most.map(([name, us]) => ({ ms: Math.round(us / 1_000), name })));
}

const round = (value: number) => Math.round(value * 100) / 100;

test("the live list under load", async ({ page, signIn, gapin }) => {
  await signIn(page);
  await page.goto("/live");
  await expect(page.getByRole("heading", { level: 1, name: "Live events" })).toBeVisible();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  await cdp.send("HeapProfiler.enable");
  const idle = await measure(page, cdp, Math.min(10, SECONDS));

  const { apiKey, signingSecret, signingKeyId, aiId } = gapin.access;
  const warmUp = 3;
  const load = spawn(
    process.env["GAPIN_BIN"] ?? BUILT,
    [
      ...["bench", "--rate", String(RATE / BATCH), "--batch", String(BATCH), "--connections", "8"],
      ...[
        "--warm-up",
        String(warmUp),
        "--duration",
        String(SECONDS + warmUp),
        "--thrown-away-max",
        "0",
        "--no-check",
      ],
    ],
    {
      env: {
        PATH: process.env["PATH"] ?? "",
        GAPIN_URL: gapin.url,
        GAPIN_API_KEY: apiKey,
        GAPIN_SIGNING_SECRET: signingSecret,
        GAPIN_SIGNING_KEY_ID: signingKeyId,
        GAPIN_AI_ID: aiId,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [load.stdout, load.stderr]) {
    stream.on("data", (text) => {
      said += String(text);
    });
  }
  const ended = once(load, "exit");
  await expect(page.getByRole("grid").getByRole("row").nth(20)).toBeVisible({ timeout: 60_000 });
  const profiled = process.env["PROFILE"] === "on";
  if (profiled) {
    await cdp.send("Profiler.enable");
    await cdp.send("Profiler.start");
  }
  const loaded = await measure(page, cdp, SECONDS);
  if (profiled) tellWhere((await cdp.send("Profiler.stop")).profile);
  const footer = await page.getByRole("main").innerText();
  const [code] = await ended;
  expect(code, said).toBe(0);

  console.table({ idle, loaded });
  const told = footer.split("\n").filter((line) => /received|shown|missed|\/s/.test(line));
  console.log(told.join(" · "));
  console.log(said);
  const result = {
    events_per_second: RATE,
    seconds: SECONDS,
    browser: page.context().browser()?.version(),
    cores: cpus().length,
    processor: cpus()[0]?.model,
    page_says: told.join(" · "),
    idle,
    loaded,
  };
  writeFileSync(RESULT, `${JSON.stringify(result, null, 2)}\n`);
  expect(loaded.heap_mib_after - loaded.heap_mib_before).toBeLessThan(HEAP_MIB_MORE_MAX);
  expect(loaded.rows_in_page).toBeLessThan(ROWS_MAX);
});
