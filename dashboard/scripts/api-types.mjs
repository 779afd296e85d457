// Makes src/api/schema.d.ts from contract/openapi.json; with --check it only tells whether the file is fresh.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const target = new URL("../src/api/schema.d.ts", import.meta.url);
const contract = new URL("../../contract/openapi.json", import.meta.url);
const document = JSON.parse(await readFile(contract, "utf8"));

const HEAD = "// Made by `npm run api` from contract/openapi.json.\n\n";
const text = HEAD + astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false }));

if (process.argv.includes("--check")) {
  const there = await readFile(target, "utf8").catch(() => "");
  if (there !== text) {
    console.error("src/api/schema.d.ts is not that of contract/openapi.json: run `npm run api`");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
