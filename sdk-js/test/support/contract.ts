import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `contract/` of the checkout; compiled tests lie in build/test/support. */
const CONTRACT = fileURLToPath(new URL("../../../../contract/", import.meta.url));

export function contractText(path: string): string {
  return readFileSync(CONTRACT + path, "utf8");
}

/** One vector a line. */
export function vectors<T>(file: string): (T & { name: string; why: string })[] {
  return contractText(`vectors/${file}`)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The bytes of an event, in one of the three forms that they come in. */
export interface Bytes {
  json?: string;
  base64?: string;
  padded?: { before: string; pad: string; times: number; after: string };
}

export function bytesOf({ json, base64, padded }: Bytes): Uint8Array {
  if (base64 !== undefined) return new Uint8Array(Buffer.from(base64, "base64"));
  const text = padded === undefined ? json : padded.before + padded.pad.repeat(padded.times) + padded.after;
  return new TextEncoder().encode(text);
}
