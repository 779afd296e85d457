// Builds dist/esm and dist/cjs, each with its types, from src.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const under = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length));

for (const folder of ["dist/esm", "dist/cjs"]) rmSync(root + folder, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", root], { stdio: "inherit" });

// The same sources once more as CommonJS, which they are in a folder whose package.json says so. They are
// checked already, and their types are those of the first.
const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
for (const file of under(`${root}src/`)) {
  const { outputText } = ts.transpileModule(readFileSync(`${root}src/${file}`, "utf8"), { compilerOptions });
  const out = `${root}dist/cjs/${file.replace(/\.ts$/, "")}`;
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(`${out}.js`, outputText);
  cpSync(`${root}dist/esm/${file.replace(/\.ts$/, ".d.ts")}`, `${out}.d.ts`);
}
writeFileSync(`${root}dist/cjs/package.json`, '{"type":"commonjs"}\n');
