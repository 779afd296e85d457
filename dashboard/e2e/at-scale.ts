/** GAPIN at scale: a gateway and a consumer on a Kafka, a PostgreSQL and a Redis of their own, all on loopback. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Access, BUILT, Gateway } from "./gateway";

const OWNER = "owner@localhost";
const ORGANISATION = "Acme";
const START_MAX_MS = 300_000;
const BINARY = process.env["GAPIN_BIN"] ?? BUILT;
/** Starts the services, built beside the binary. */
const TESTBED = join(dirname(BINARY), "testbed");

interface Key {
  key: string;
}

interface SigningKey {
  key_id: string;
  secret: string;
}

interface User {
  one_time_password: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export class AtScale extends Gateway {
  readonly #home = mkdtempSync(join(tmpdir(), "gapin-at-scale-"));
  readonly #running: ChildProcess[] = [];
  #environment: Record<string, string> = {};
  #port = 0;
  #lines = "";
  #access: Access | undefined;
  #password = "";

  static override async start(): Promise<AtScale> {
    const system = new AtScale({});
    try {
      await system.#start();
    } catch (error) {
      await system.discard();
      throw error;
    }
    return system;
  }

  async #start(): Promise<void> {
    this.#environment = {
      PATH: process.env["PATH"] ?? "",
      HOME: this.#home,
      GAPIN_DATA_DIR: join(this.#home, "data"),
      GAPIN_MASTER_KEY: randomBytes(32).toString("hex"),
      GAPIN_METRICS_LISTEN: "127.0.0.1:0",
    };
    const testbed = this.#spawn(TESTBED, [], "pipe");
    const named = await this.#until(() => {
      const found = [...this.#lines.matchAll(/^(KAFKA_BROKERS|DATABASE_URL|REDIS_URL)=(\S+)$/gm)];
      return found.length === 3 ? found : undefined;
    }, testbed);
    for (const [, name, value] of named) this.#environment[name as string] = value as string;
    this.#gapin("migrate");
    const key = this.#told<Key>("keys", "create", "--org", ORGANISATION, "--name", "walk", "--scopes", "all");
    const signing = this.#told<SigningKey>(
      "signing-keys",
      "create",
      "--org",
      ORGANISATION,
      "--key-id",
      "main",
    );
    const owner = ["--email", OWNER, "--org", ORGANISATION, "--role", "owner"];
    this.#password = this.#told<User>("users", "create", ...owner).one_time_password;
    this.#access = {
      apiKey: key.key,
      signingSecret: signing.secret,
      signingKeyId: signing.key_id,
      aiId: randomUUID(),
    };
    this.#port = await freePort();
    const listen = `127.0.0.1:${this.#port}`;
    const gateway = this.#spawn(BINARY, ["gateway", "--listen", listen, "--log-format", "json"]);
    this.#spawn(BINARY, ["consumer", "--log-format", "json"]);
    await this.#until(
      () =>
        fetch(`${this.url}/health/ready`).then(
          ({ ok }) => ok || undefined,
          () => undefined,
        ),
      gateway,
    );
  }

  #spawn(binary: string, args: string[], stdin: "pipe" | "ignore" = "ignore"): ChildProcess {
    const child = spawn(binary, args, { env: this.#environment, stdio: [stdin, "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text) => {
        this.#lines += String(text);
      });
    }
    this.#running.push(child);
    return child;
  }

  async #until<T>(look: () => Promise<T | undefined> | T | undefined, child: ChildProcess): Promise<T> {
    const until = Date.now() + START_MAX_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (child.exitCode !== null || Date.now() > until) throw new Error(`it did not start:\n${this.#lines}`);
      await pause(50);
    }
  }

  #gapin(...args: string[]): string {
    return execFileSync(BINARY, args, { env: this.#environment, encoding: "utf8" });
  }

  #told<T>(...args: string[]): T {
    return JSON.parse(this.#gapin(...args, "--json")) as T;
  }

  override get url(): string {
    return `http://localhost:${this.#port}`;
  }

  override get access(): Access {
    if (this.#access === undefined) throw new Error("it is not started");
    return this.#access;
  }

  override get oneTimePassword(): string {
    return this.#password;
  }

  override get said(): string {
    return this.#lines;
  }

  override async discard(): Promise<void> {
    const [testbed, ...own] = this.#running;
    for (const child of own) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    // It keeps the services until its input ends.
    if (testbed !== undefined && testbed.exitCode === null) {
      testbed.stdin?.end();
      await once(testbed, "exit");
    }
    rmSync(this.#home, { recursive: true, force: true });
  }
}
