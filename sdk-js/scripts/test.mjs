// Builds the package and its tests, starts a gateway, and runs the tests on it: all, or the files that are named.
// GAPIN_BIN is the gateway's binary; target/debug/gapin of the checkout unless it is set.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });

const chosen = process.argv.slice(2);
process.env.GAPIN_BIN = resolve(root, process.env.GAPIN_BIN ?? "../target/debug/gapin");

run("scripts/build.mjs");
rmSync(`${root}build`, { recursive: true, force: true });
run(tsc, "-p", "test");

const { Gateway } = await import(new URL("../build/test/support/gateway.js", import.meta.url).href);
const gateway = await Gateway.start();
try {
  const files = readdirSync(`${root}build/test`)
    .filter((file) => file.endsWith(".test.js"))
    .filter((file) => chosen.length === 0 || chosen.some((name) => file.startsWith(name)))
    .map((file) => `build/test/${file}`);
  const { status } = spawnSync(process.execPath, ["--test", "--test-concurrency=2", "--test-force-exit", ...files], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...gateway.variables },
  });
  process.exitCode = status ?? 1;
} finally {
  await gateway.discard();
}
