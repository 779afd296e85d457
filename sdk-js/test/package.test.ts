import assert from "node:assert/strict";
import { type ExecFileSyncOptions, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { VERSION } from "@gapin/sdk";
import { build } from "esbuild";
import { Provider } from "./support/providers.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MODULES = join(ROOT, "node_modules");
const folder = mkdtempSync(join(tmpdir(), "gapin-package-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: string[], options: ExecFileSyncOptions = {}): string {
  return String(
    execFileSync(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: 120_000, ...options }),
  );
}

/** The package as it would be published, installed where nothing else is. */
function installed(): string {
  const clean = join(folder, "clean");
  if (existsSync(clean)) return clean;
  mkdirSync(clean);
  const [{ filename, files }] = JSON.parse(
    run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: ROOT }),
  ) as [{ filename: string; files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  for (const file of ["LICENSE", "README.md", "CHANGELOG.md", "dist/esm/index.js", "dist/cjs/index.js"])
    assert.ok(paths.includes(file), file);
  assert.ok(
    paths.every((path) => path.startsWith("dist/") || !path.includes("/")),
    "nothing but the package",
  );
  writeFileSync(join(clean, "package.json"), '{"name":"clean","private":true}');
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)], { cwd: clean });
  assert.deepEqual(
    readdirSync(join(clean, "node_modules")).filter((name) => !name.startsWith(".")),
    ["@gapin"],
    "no dependency",
  );
  return clean;
}

const PROGRAM = `
  const recorder = new Recorder();
  recorder.action({ function: "from a clean folder" });
  const isSent = await recorder.close(30_000);
  for (const instrument of [openai.instrument, anthropic.instrument, ai.recording]) if (typeof instrument !== "function") throw new Error("missing");
  console.log(isSent, recorder.stats().accepted, canonicalize({ b: 1, a: 2 }));
`;

test("[types.package] built, installed in a clean folder, used as ESM and as CommonJS", () => {
  const clean = installed();
  writeFileSync(
    join(clean, "program.mjs"),
    `
    import { Recorder, canonicalize } from "@gapin/sdk";
    import * as openai from "@gapin/sdk/openai"; import * as anthropic from "@gapin/sdk/anthropic"; import * as ai from "@gapin/sdk/ai";
    ${PROGRAM}`,
  );
  writeFileSync(
    join(clean, "program.cjs"),
    `
    const { Recorder, canonicalize } = require("@gapin/sdk");
    const openai = require("@gapin/sdk/openai"), anthropic = require("@gapin/sdk/anthropic"), ai = require("@gapin/sdk/ai");
    (async () => { ${PROGRAM} })();`,
  );
  for (const program of ["program.mjs", "program.cjs"]) {
    assert.equal(run(process.execPath, [program], { cwd: clean }), 'true 1 {"a":2,"b":1}\n', program);
  }
});

test("[types.package] `import` and `require` give the same names", () => {
  const clean = installed();
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { exports: object };
  const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
  assert.ok(entries.length >= 5);
  const asked = JSON.stringify(entries.map((entry) => join("@gapin/sdk", entry)));
  const tell = "console.log(JSON.stringify(all.map((one) => Object.keys(one).sort())))";
  writeFileSync(join(clean, "names.cjs"), `const all = ${asked}.map((name) => require(name)); ${tell};`);
  writeFileSync(
    join(clean, "names.mjs"),
    `const all = await Promise.all(${asked}.map((name) => import(name))); ${tell};`,
  );
  const [required, imported] = ["names.cjs", "names.mjs"].map(
    (program) => JSON.parse(run(process.execPath, [program], { cwd: clean })) as string[][],
  );
  assert.deepEqual(required, imported);
  for (const names of required ?? []) assert.ok(names.length > 0);
  assert.ok(required?.[0]?.includes("Recorder"));
});

/** A program, bundled with what it needs of the installed package: its text, and the modules that are in it. */
async function bundled(program: string, platform: "node" | "browser"): Promise<{ text: string; modules: string[] }> {
  const clean = installed();
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: clean, loader: "js" },
    absWorkingDir: clean,
    platform,
    bundle: true,
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const [output] = Object.values(metafile.outputs);
  const kept = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const modules = kept.map(([path]) => path).filter((path) => path !== "<stdin>");
  return { text: outputFiles[0]?.text ?? "", modules };
}

test("[types.package] a bundle of `verify` has neither the recorder nor the instruments", async () => {
  const program = `import { verify } from "@gapin/sdk"; console.log(await verify("{}", "secret"));`;
  const whole = await bundled(`import * as sdk from "@gapin/sdk"; globalThis.sdk = sdk;`, "node");
  assert.ok(whole.modules.some((path) => path.endsWith("/recorder/recorder.js")));
  for (const platform of ["node", "browser"] as const) {
    const { text, modules } = await bundled(program, platform);
    for (const path of modules) assert.match(path, /\/dist\/esm\/(event|json)\/|\/dist\/esm\/errors\.js$/, path);
    assert.ok(text.length * 4 < whole.text.length, `${text.length} of ${whole.text.length} bytes`);
    assert.ok(!text.includes("node:"), "nothing of Node's");
    writeFileSync(join(installed(), "bundle.mjs"), text);
    assert.equal(run(process.execPath, ["bundle.mjs"], { cwd: installed() }), "false\n");
  }
});

test("[types.package] all that browsers get can be bundled for them", async () => {
  const { text, modules } = await bundled(`import * as sdk from "@gapin/sdk"; globalThis.sdk = sdk;`, "browser");
  assert.ok(modules.some((path) => path.endsWith("/stream/stream.js")));
  assert.ok(!modules.some((path) => /\/(recorder|instruments|disk)\//.test(path)), modules.join(" "));
  assert.ok(!text.includes("node:"), "nothing of Node's");
});

test("[types.package] its version is one; what browsers get needs nothing of Node's", () => {
  const { version, dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
    dependencies?: object;
  };
  assert.equal(VERSION, version);
  assert.equal(dependencies, undefined);
  assert.ok(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8").includes(`## ${version}`));
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, source = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export)[^;]*?from "([^"]+)";/gm)) {
      assert.ok(source.startsWith("."), `${file} imports ${source}`);
      visit(resolve(dirname(file), source));
    }
  };
  visit(join(ROOT, "dist/esm/browser.js"));
  assert.ok(seen.size > 15);
});

test("[types.strict] the strictest checks find nothing in the package and in code that uses it", async () => {
  const clean = installed();
  symlinkSync(join(MODULES, "@types"), join(clean, "node_modules/@types"));
  const tsc = join(MODULES, "typescript/bin/tsc");
  cpSync(join(ROOT, "test/programs/consumer.ts.txt"), join(clean, "consumer.ts"));
  cpSync(join(ROOT, "test/programs/consumer.ts.txt"), join(clean, "consumer.mts"));
  const strict = [
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--target",
    "es2022",
    "--types",
    "node",
  ];
  // As CommonJS (by the folder's package.json) and as ESM; then as bundlers resolve.
  run(process.execPath, [tsc, ...strict, "--module", "nodenext", "consumer.ts", "consumer.mts"], { cwd: clean });
  run(process.execPath, [tsc, ...strict, "--module", "esnext", "--moduleResolution", "bundler", "consumer.mts"], {
    cwd: clean,
  });
  const { source } = (await import(pathToFileURL(join(ROOT, "scripts/schema.mjs")).href)) as { source: () => string };
  assert.equal(readFileSync(join(ROOT, "src/event/schema.generated.ts"), "utf8"), source(), "run scripts/schema.mjs");
});

test("[types.package] what is published to read has no link that is dead where it is read", () => {
  const published = join(installed(), "node_modules/@gapin/sdk");
  for (const page of ["README.md", "CHANGELOG.md"]) {
    const targets = readFileSync(join(published, page), "utf8").matchAll(/\]\(([^)#\s]+)/g);
    for (const [, target = ""] of targets) {
      assert.ok(/^https?:/.test(target) || existsSync(join(published, target)), `${page}: ${target}`);
    }
  }
});

test("[types.examples] the README's code and the examples run as printed", async () => {
  const openAi = await Provider.openAi();
  const anthropic = await Provider.anthropic();
  // Within the package, so that its name and those of the providers' packages are found.
  const programs = join(ROOT, "build/printed");
  rmSync(programs, { recursive: true, force: true });
  mkdirSync(programs, { recursive: true });
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
  assert.ok(blocks.length >= 5, `${blocks.length} blocks`);
  blocks.forEach((code, index) => writeFileSync(join(programs, `readme-${index + 1}.mjs`), code));
  const examples = readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".mjs"));
  assert.ok(examples.length >= 2);
  for (const name of examples) cpSync(join(ROOT, "examples", name), join(programs, name));
  const env = {
    ...process.env,
    OPENAI_API_KEY: "none",
    OPENAI_BASE_URL: `${openAi.url}/v1`,
    ANTHROPIC_API_KEY: "none",
    ANTHROPIC_BASE_URL: anthropic.url,
  };
  const { spawn } = await import("node:child_process");
  for (const name of readdirSync(programs)) {
    // Not synchronously: the providers are in this process.
    const child = spawn(process.execPath, [join(programs, name)], {
      env,
      timeout: 60_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
    const code = await new Promise((end) => child.on("close", end));
    assert.equal(code, 0, `${name}:\n${said}`);
    assert.ok(!said.includes("gapin:"), `${name}: ${said}`);
  }
  await openAi.close();
  await anthropic.close();
});
