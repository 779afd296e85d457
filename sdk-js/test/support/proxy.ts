/**
 * A server in front of the real gateway that does it harm, for the requests that it is told to. Everything else goes
 * through untouched, and all that came is remembered.
 */

import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** What is done to one request. */
export type Harm =
  | { answer: number; headers?: Record<string, string>; body?: unknown; text?: string }
  /** The connection breaks before anything is answered; the gateway sees nothing. */
  | { cut: "before" }
  /** The gateway does it, and its answer is lost. */
  | { cut: "after" }
  /** The connection breaks within the gateway's answer. */
  | { cutAfterBytes: number }
  /** Nothing is ever answered. */
  | { silent: true }
  /** It waits on its way; the gateway never has it, has it already, or gets it late. */
  | { heldUntil: Promise<void>; arrives: "never" | "first" | "late"; onHeld: () => void; onOver: () => void }
  /** The gateway's answer, of another date. */
  | { dateAheadMs: number };

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly atMs: number;
}

export class FaultyProxy {
  readonly seen: Seen[] = [];
  /** What is done to the next requests with events, one each. */
  harms: Harm[] = [];
  /** What is done to all requests with events after these. */
  always: Harm | undefined;
  /** What is asked of each request first. */
  onRequest: ((seen: Seen) => Harm | undefined) | undefined;
  readonly #target: URL;
  readonly #server: Server;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, answer) => void this.#serve(incoming, answer));
  }

  static async before(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests that carried events. */
  get batches(): Seen[] {
    return this.seen.filter(({ method, path }) => method === "POST" && path === "/aibbar/events");
  }

  /** The events of a request. */
  static events({ body, headers }: Seen): Record<string, never>[] {
    const text = (headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  /** Cuts every connection that is there now. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return; // the client broke it off
    }
    const { method = "", url: path = "", headers } = incoming;
    const seen: Seen = { method, path, headers, body: Buffer.concat(chunks), atMs: Date.now() };
    this.seen.push(seen);
    const isBatch = method === "POST" && path === "/aibbar/events";
    const harm = this.onRequest?.(seen) ?? (isBatch ? (this.harms.shift() ?? this.always) : undefined);
    if (harm !== undefined && "heldUntil" in harm && harm.arrives !== "first") {
      harm.onHeld();
      await harm.heldUntil;
      if (harm.arrives === "never") {
        harm.onOver();
        incoming.socket.destroy();
        return;
      }
    }
    if (harm !== undefined && "answer" in harm) {
      answer.writeHead(harm.answer, { "content-type": "application/problem+json", ...harm.headers });
      answer.end(harm.body === undefined ? (harm.text ?? "") : JSON.stringify(harm.body));
    } else if (harm !== undefined && "cut" in harm && harm.cut === "before") {
      incoming.socket.destroy();
    } else if (harm === undefined || !("silent" in harm)) {
      this.#forward(seen, answer, harm);
    }
  }

  #forward({ method, path, headers, body }: Seen, answer: ServerResponse, harm: Harm | undefined): void {
    const { hostname, port } = this.#target;
    const onward = request({
      hostname,
      port,
      method,
      path,
      headers: { ...headers, host: this.#target.host },
      agent: false,
    });
    onward.on("response", async (response) => {
      if (harm !== undefined && "heldUntil" in harm) {
        if (harm.arrives === "first") {
          harm.onHeld();
          await harm.heldUntil;
        }
        harm.onOver();
      }
      if (harm !== undefined && "cut" in harm) {
        response.resume().on("end", () => answer.socket?.destroy());
        return;
      }
      const told = { ...response.headers };
      if (harm !== undefined && "dateAheadMs" in harm)
        told.date = new Date(Date.now() + harm.dateAheadMs).toUTCString();
      delete told["transfer-encoding"];
      answer.writeHead(response.statusCode ?? 502, told);
      response.pipe(answer);
      if (harm !== undefined && "cutAfterBytes" in harm) cutAfter(response, answer, harm.cutAfterBytes);
      answer.on("close", () => response.destroy());
    });
    onward.on("error", () => answer.socket?.destroy());
    onward.end(body);
  }
}

function cutAfter(response: IncomingMessage, answer: ServerResponse, bytes: number): void {
  let left = bytes;
  response.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) answer.socket?.destroy();
  });
}
