import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { contractText } from "./support/contract.js";

const TESTS = fileURLToPath(new URL("../../test/", import.meta.url));

/** The ids that the names of tests carry. */
function shownIds(): Set<string> {
  const ids = new Set<string>();
  for (const file of readdirSync(TESTS).filter((name) => name.endsWith(".test.ts"))) {
    const text = readFileSync(TESTS + file, "utf8").replace(
      "[queue.${whenFull}]",
      "[queue.drop_oldest] [queue.drop_newest]",
    );
    for (const [, names = ""] of text.matchAll(/\btest\(\s*["`](.*)["`],/g)) {
      for (const [, id = ""] of names.matchAll(/\[([a-z]+\.[a-z_]+)\]/g)) ids.add(id);
    }
  }
  return ids;
}

test("every feature of the list has a test, and every test's feature is on the list", () => {
  const { features } = JSON.parse(contractText("sdk/features.json")) as { features: { id: string }[] };
  assert.ok(features.length > 40);
  assert.deepEqual([...shownIds()].sort(), features.map(({ id }) => id).sort());
});
