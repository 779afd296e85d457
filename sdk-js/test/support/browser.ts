/** A real browser without a window, and a server that its page and the gateway share. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { FaultyProxy, type Harm, type Seen } from "./proxy.js";

const SDK = fileURLToPath(new URL("../../../dist/esm/", import.meta.url));

/** A Chromium at a page. */
export class Browser {
  readonly #profile = mkdtempSync(join(tmpdir(), "gapin-browser-"));
  readonly #process;

  constructor(url: string) {
    const settings = ["--headless=new", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"];
    settings.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
    // A proxy of the environment's is not on the way to this machine.
    settings.push("--no-proxy-server", `--user-data-dir=${this.#profile}`);
    // Its sandbox refuses to run as root.
    if (process.getuid?.() === 0) settings.push("--no-sandbox");
    // In a group of its own: a browser is several processes.
    this.#process = spawn(installed(), [...settings, url], { stdio: "ignore", detached: true });
  }

  async close(): Promise<void> {
    const { pid, exitCode } = this.#process;
    if (pid !== undefined && exitCode === null) {
      process.kill(-pid, "SIGKILL");
      await once(this.#process, "exit");
    }
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function installed(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const name of ["chromium", "chromium-browser"]) {
    for (const folder of folders) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  throw new Error("there is no Chromium on the PATH; install it with: make services");
}

/** The gateway, with a page and the SDK's browser build at the same origin; a page tells what it has to say to `/told`. */
export async function pageBefore(
  gateway: string,
  script: string,
  told: (what: unknown) => void,
  harm: (seen: Seen) => Harm | undefined,
): Promise<FaultyProxy> {
  const proxy = await FaultyProxy.before(gateway);
  const page = `<!doctype html><meta charset="utf-8"><script type="module">${script}</script>`;
  const answer = (type: string, text: string): Harm => ({ answer: 200, headers: { "content-type": type }, text });
  proxy.onRequest = (seen) => {
    const { pathname } = new URL(seen.path, gateway);
    if (pathname === "/page") return answer("text/html", page);
    if (pathname.startsWith("/sdk/")) {
      return answer("text/javascript", readFileSync(join(SDK, pathname.slice("/sdk/".length)), "utf8"));
    }
    if (pathname !== "/told") return harm(seen);
    told(JSON.parse(seen.body.toString()));
    return answer("text/plain", "");
  };
  return proxy;
}
