/**
 * Holds what a page loads to its budget: 200 KiB of compressed JavaScript for the first, 40 KiB more for a route. Parts that
 * come behind a page (`lazily`) count as well, unless they are named here as ones that somebody has to ask for.
 */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const SHELL_KIB_MAX = 200;
const ROUTE_KIB_MAX = 40;

/** Routes that are more with what comes behind them, each with why, so that they do not become more still. */
const LARGER = {
  // The stream, rows by the thousand, and what is stored below them; a list to choose from for each filter.
  "pages/live/index.tsx": 69,
  // Lists to choose from, in the line of filters.
  "pages/sessions/index.tsx": 45,
  "pages/audit/index.tsx": 50,
  // A grid of up to 5,000 events beside a time axis that is zoomed.
  "pages/sessions/detail.tsx": 42,
  // The canvas of charts is 24 KiB; it comes once a chart is about to be seen.
  "pages/metrics/index.tsx": 51,
  "pages/topics/detail.tsx": 63,
  "pages/status/index.tsx": 51,
  // A list to choose from for each kind, and the preview.
  "pages/redaction/index.tsx": 50,
  // Its largest tab: retention and legal holds.
  "pages/settings/index.tsx": 44,
};

/** Drawn once somebody presses something, or once something went wrong. */
const WHEN_ASKED = new Set([
  "src/pages/audit/entry-details.tsx",
  "src/pages/dead-letters/redrive-dialog.tsx",
  "src/pages/keys/create-key.tsx",
  "src/pages/keys/edit-key.tsx",
  "src/pages/keys/key-details.tsx",
  "src/pages/keys/revoke-key.tsx",
  "src/pages/keys/rotate-key.tsx",
  "src/pages/live/filters-dialog.tsx",
  "src/pages/live/manage-views.tsx",
  "src/pages/live/notice.tsx",
  "src/pages/live/panel.tsx",
  "src/pages/live/save-view.tsx",
  "src/pages/members/change-role.tsx",
  "src/pages/members/hand-over.tsx",
  "src/pages/members/invite.tsx",
  "src/pages/members/leave.tsx",
  "src/pages/members/remove-member.tsx",
  "src/pages/redaction/rule-dialog.tsx",
  "src/pages/sessions/event-drawer.tsx",
  "src/pages/settings/hold-dialog.tsx",
  "src/pages/settings/place-hold-dialog.tsx",
  "src/pages/settings/release-dialog.tsx",
  "src/pages/signing-keys/create-signing-key.tsx",
  "src/pages/signing-keys/revoke-signing-key.tsx",
  "src/pages/signing-keys/rotate-signing-key.tsx",
  "src/pages/signing-keys/samples.tsx",
  "src/pages/signing-keys/signing-key-details.tsx",
  "src/pages/topics/create.tsx",
  "src/pages/topics/delete.tsx",
  "src/pages/topics/test-message.tsx",
  "src/ui/range-popup.tsx",
]);

/** Tabs: of each list one is drawn, and the largest counts. */
const ONE_OF = [
  ["organisation", "retention", "sessions", "profile", "theme"].map(
    (tab) => `src/pages/settings/${tab}-tab.tsx`,
  ),
  ["overview", "messages/browser", "consumers", "configuration"].map((tab) => `src/pages/topics/${tab}.tsx`),
];

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

/** Every chunk that these need before they can run, and what they load as soon as they do. */
function needed(keys, { without = new Set(), behind = () => false } = {}) {
  const found = new Set();
  const waiting = [...keys];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (found.has(key) || without.has(key)) continue;
    found.add(key);
    const { imports = [], dynamicImports = [] } = manifest[key];
    waiting.push(...imports, ...dynamicImports.filter(behind));
  }
  return found;
}

const sizes = new Map();
for (const { file } of Object.values(manifest)) {
  if (file.endsWith(".js")) sizes.set(file, gzipSync(await readFile(new URL(file, dist))).length);
}
const kib = (keys) => {
  const files = new Set([...keys].map((key) => manifest[key].file));
  return [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) / 1024;
};

for (const key of [...WHEN_ASKED, ...ONE_OF.flat()]) {
  if (manifest[key] === undefined)
    throw new Error(`scripts/budget.mjs names ${key}, which is no part of its own`);
}

// What stands around every page of somebody who is signed in is part of the first one.
const shell = needed(["index.html", "src/app/frame/index.tsx"]);
const tabs = new Set(ONE_OF.flat());
const behind = (key) => !WHEN_ASKED.has(key) && !tabs.has(key);

/** A route with all that comes behind it, and with that one of its tabs which makes it largest. */
function route(key) {
  const base = needed([key], { without: shell, behind });
  const own = ONE_OF.flat().filter((tab) =>
    [...base].some((chunk) => manifest[chunk].dynamicImports?.includes(tab)),
  );
  return Math.max(
    ...[[], ...own.map((tab) => [tab])].map((tab) => kib(needed([key, ...tab], { without: shell, behind }))),
  );
}

const rows = [["first page", kib(shell), SHELL_KIB_MAX]];
for (const key of manifest["index.html"].dynamicImports ?? []) {
  const name = key.replace(/^src\//, "");
  if (LARGER[name] === undefined) {
    rows.push([name, route(key), ROUTE_KIB_MAX]);
    continue;
  }
  rows.push([`${name}, until it is drawn`, kib(needed([key], { without: shell })), ROUTE_KIB_MAX]);
  rows.push([`${name}, with what comes behind it`, route(key), LARGER[name]]);
}
let isOver = false;
for (const [what, size, max] of rows) {
  const over = size > max;
  isOver ||= over;
  console.log(`${size.toFixed(1).padStart(7)} KiB of ${max}  ${what}${over ? "  over its budget" : ""}`);
}
if (isOver) process.exit(1);
