import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

/** What `make bench-dashboard` runs: a page that moves as it does for people, with its memory readable. */
export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../test-results/bench",
  timeout: 300_000,
  use: {
    ...base.use,
    reducedMotion: "no-preference",
    launchOptions: {
      ...base.use?.launchOptions,
      args: [
        ...(base.use?.launchOptions?.args ?? []),
        "--enable-precise-memory-info",
        "--js-flags=--expose-gc",
      ],
    },
  },
});
