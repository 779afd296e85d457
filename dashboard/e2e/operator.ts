/** What an operator does at the command line of the gateway's machine. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Gateway } from "./gateway";

const BINARY =
  process.env["GAPIN_BIN"] ?? fileURLToPath(new URL("../../target/debug/gapin", import.meta.url));

/** Adds somebody to the first organisation; answers their one-time password. */
export async function addPerson(gapin: Gateway, email: string, role: string): Promise<string> {
  const who = ["--email", email, "--org", "dev", "--role", role, "--data-dir", gapin.data];
  const { stdout } = await promisify(execFile)(BINARY, ["users", "create", ...who]);
  return stdout.trim().split("\n").at(-1) ?? "";
}
