/** A real gateway with the dashboard in it: everything in one process, on loopback, with a data folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Where it is when no other is named. */
export const BUILT = fileURLToPath(new URL("../../target/debug/gapin", import.meta.url));
const START_MAX_MS = 120_000;

export interface Access {
  apiKey: string;
  signingSecret: string;
  signingKeyId: string;
  aiId: string;
}

export class Gateway {
  readonly #folder = mkdtempSync(join(tmpdir(), "gapin-dashboard-"));
  readonly #settings: Record<string, string>;
  #process: ChildProcess | undefined;
  #said = "";
  #listen = "127.0.0.1:0";

  protected constructor(settings: Record<string, string>) {
    this.#settings = settings;
  }

  static async start(settings: Record<string, string> = {}): Promise<Gateway> {
    const gateway = new Gateway(settings);
    await gateway.startAgain();
    return gateway;
  }

  /** On the same data, at the same address. */
  async startAgain(): Promise<void> {
    const binary = process.env["GAPIN_BIN"] ?? BUILT;
    if (!existsSync(binary)) throw new Error("there is no gapin to test: build it with `cargo build -p cli`");
    const child = spawn(binary, ["dev", "--listen", this.#listen, "--data-dir", this.data], {
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: this.#folder,
        GAPIN_METRICS_LISTEN: "127.0.0.1:0",
        ...this.#settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (said) => {
        this.#said += String(said);
      });
    }
    const until = Date.now() + START_MAX_MS;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`the gateway did not start:\n${this.#said}`);
      await pause(50);
    }
    this.#listen = new URL(this.#variables["GAPIN_URL"] ?? "").host;
  }

  async #isReady(): Promise<boolean> {
    const url = existsSync(this.#env) ? this.#variables["GAPIN_URL"] : undefined;
    if (url === undefined) return false;
    return fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  get data(): string {
    return join(this.#folder, "data");
  }

  get #env(): string {
    return join(this.data, "dev.env");
  }

  get #variables(): Record<string, string> {
    const lines = readFileSync(this.#env, "utf8")
      .split("\n")
      .filter((line) => /^GAPIN_\w+=/.test(line));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  }

  /** By the name `localhost`, as a person types it. */
  get url(): string {
    const { port } = new URL(this.#variables["GAPIN_URL"] ?? "");
    return `http://localhost:${port}`;
  }

  get access(): Access {
    const read = this.#variables;
    return {
      apiKey: read["GAPIN_API_KEY"] ?? "",
      signingSecret: read["GAPIN_SIGNING_SECRET"] ?? "",
      signingKeyId: read["GAPIN_SIGNING_KEY_ID"] ?? "",
      aiId: read["GAPIN_AI_ID"] ?? "",
    };
  }

  /** Of the banner's owner. */
  get oneTimePassword(): string {
    const found = /one-time password (\S+)/.exec(this.#said)?.[1];
    if (found === undefined) throw new Error(`the banner names no password:\n${this.#said}`);
    return found.replace(/\u001b\[[0-9;]*m/g, "");
  }

  /** All that it said so far: where e-mail is not set up, the links among it. */
  get said(): string {
    return this.#said;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  async discard(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
