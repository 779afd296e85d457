// Holds what a page loads to its budget: 200 KiB of compressed JavaScript for the first, 40 KiB more for a route.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const SHELL_KIB_MAX = 200;
const ROUTE_KIB_MAX = 40;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

/** Every file that an entry needs before it can run. */
function needed(key, found = new Set()) {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const other of chunk.imports ?? []) needed(other, found);
  return found;
}

async function kib(files) {
  let bytes = 0;
  for (const file of files)
    if (file.endsWith(".js")) bytes += gzipSync(await readFile(new URL(file, dist))).length;
  return bytes / 1024;
}

// What stands around every page of somebody who is signed in is part of the first one.
const shell = needed("src/app/frame/index.tsx", needed("index.html"));
const rows = [["first page", await kib(shell), SHELL_KIB_MAX]];
for (const key of manifest["index.html"].dynamicImports ?? []) {
  const more = [...needed(key)].filter((file) => !shell.has(file));
  rows.push([key.replace(/^src\//, ""), await kib(more), ROUTE_KIB_MAX]);
}
let isOver = false;
for (const [what, size, max] of rows) {
  const over = size > max;
  isOver ||= over;
  console.log(`${size.toFixed(1).padStart(7)} KiB of ${max}  ${what}${over ? "  over its budget" : ""}`);
}
if (isOver) process.exit(1);
