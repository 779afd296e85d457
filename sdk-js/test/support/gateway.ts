/** A real gateway: everything in one process, on loopback, with a data folder of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { until } from "./until.js";

export interface Access {
  url: string;
  apiKey: string;
  signingSecret: string;
  signingKeyId: string;
  aiId: string;
}

export class Gateway {
  readonly #folder = mkdtempSync(join(tmpdir(), "gapin-sdk-"));
  readonly #settings: Record<string, string>;
  #process: ChildProcess | undefined;
  #said = "";
  #listen = "127.0.0.1:0";

  private constructor(settings: Record<string, string>) {
    this.#settings = settings;
  }

  static async start(settings: Record<string, string> = {}): Promise<Gateway> {
    const gateway = new Gateway(settings);
    await gateway.startAgain();
    gateway.#listen = new URL(gateway.access.url).host;
    return gateway;
  }

  /** On the same data, at the same address. */
  async startAgain(): Promise<void> {
    const binary = process.env["GAPIN_BIN"];
    if (binary === undefined || !existsSync(binary)) {
      throw new Error("GAPIN_BIN names no binary: run the tests by scripts/test.mjs, after `cargo build -p cli`");
    }
    const before = existsSync(this.#env) ? readFileSync(this.#env, "utf8") : undefined;
    const child = spawn(binary, ["dev", "--listen", this.#listen, "--data-dir", this.#data], {
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: this.#folder,
        GAPIN_METRICS_LISTEN: "127.0.0.1:0",
        ...this.#settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (said) => (this.#said += String(said)));
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the gateway ended:\n${this.#said}`);
      if (before === undefined && !existsSync(this.#env)) return false;
      return isReady(this.access.url);
    }, "the gateway is ready");
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  get #env(): string {
    return join(this.#data, "dev.env");
  }

  /** What `dev.env` says. */
  get variables(): Record<string, string> {
    const lines = readFileSync(this.#env, "utf8")
      .split("\n")
      .filter((line) => /^GAPIN_/.test(line));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  }

  get access(): Access {
    const read = this.variables;
    return {
      url: read["GAPIN_URL"] ?? "",
      apiKey: read["GAPIN_API_KEY"] ?? "",
      signingSecret: read["GAPIN_SIGNING_SECRET"] ?? "",
      signingKeyId: read["GAPIN_SIGNING_KEY_ID"] ?? "",
      aiId: read["GAPIN_AI_ID"] ?? "",
    };
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  async discard(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).status === 200;
  } catch {
    return false;
  }
}

/** The gateway that all tests of a run share. */
export function sharedAccess(): Access {
  const read = (name: string): string => {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${name} is not set: run the tests by scripts/test.mjs`);
    return value;
  };
  return {
    url: read("GAPIN_URL"),
    apiKey: read("GAPIN_API_KEY"),
    signingSecret: read("GAPIN_SIGNING_SECRET"),
    signingKeyId: read("GAPIN_SIGNING_KEY_ID"),
    aiId: read("GAPIN_AI_ID"),
  };
}
