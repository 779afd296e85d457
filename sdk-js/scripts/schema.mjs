// Writes src/event/schema.generated.ts anew from the contract. A test holds them together.
import { readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("../contract/aibbar-event.schema.json", root), "utf8"));

/** Without what is for readers alone: the package is smaller by half. */
export function bare(schema) {
  if (Array.isArray(schema)) return schema.map(bare);
  if (schema === null || typeof schema !== "object") return schema;
  const kept = Object.entries(schema).filter(([name, value]) => !isForReaders(name, value));
  return Object.fromEntries(kept.map(([name, value]) => [name, bare(value)]));
}

function isForReaders(name, value) {
  return (
    name === "examples" ||
    name === "format" ||
    ((name === "title" || name === "description") && typeof value === "string")
  );
}

export function source() {
  const json = JSON.stringify(bare(schema), null, 2);
  return `// Made by scripts/schema.mjs from contract/aibbar-event.schema.json.\n/** The JSON Schema of the event, without its words for readers. */\nexport const EVENT_SCHEMA = ${json} as const;\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  writeFileSync(new URL("src/event/schema.generated.ts", root), source());
}
