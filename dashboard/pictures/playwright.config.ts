import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

/** What `make screenshots` runs. */
export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: "*.pictures.ts",
  outputDir: "../test-results/pictures",
});
