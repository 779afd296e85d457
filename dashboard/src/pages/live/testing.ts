/** What the tests of the live page build with: events, frames, and a world whose clock is moved by hand. */
import type { Refusal, Socket, SocketListener, World } from "./stream";

export const SIGNATURE = "ab".repeat(32);

/** An id in the order of its number. */
export function idOf(number: number): string {
  return `019a0000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** A record; its time goes up with its number, a second each. */
export function record(number: number, event: object = {}, receipt: object = {}) {
  const at = new Date(Date.UTC(2026, 0, 31, 12) + number * 1_000).toISOString();
  return {
    event: {
      event_type: "ai.query",
      ai_id: "3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b",
      timestamp: at,
      metadata: {},
      signature: SIGNATURE,
      ...event,
    },
    record: { event_id: idOf(number), received_at: at, ...receipt },
  };
}

export function events(cursor: string, ...numbers: number[]): string {
  return JSON.stringify({ type: "events", cursor, items: numbers.map((number) => record(number)) });
}

export function page(numbers: readonly number[], next: string | null): string {
  return JSON.stringify({ items: numbers.map((number) => record(number)), next_cursor: next });
}

export class FakeSocket implements Socket {
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;

  constructor(
    readonly query: Readonly<Record<string, string>>,
    private readonly listener: SocketListener,
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The gateway says this. */
  says(frame: object | string): void {
    this.listener.message(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** The gateway ends it. */
  ends(code: number, reason?: string): void {
    if (reason !== undefined) this.says({ type: "bye", reason, cursor: "bye" });
    this.listener.closed(code);
  }
}

export class FakeWorld implements World {
  readonly sockets: FakeSocket[] = [];
  readonly diagnosed: Readonly<Record<string, string>>[] = [];
  refusal: Refusal | undefined;
  chance = 1;
  online = true;
  private clock = 1_000_000;
  private timers: { at: number; run: () => void }[] = [];
  private waiting: (() => void)[] = [];
  private warned: (() => void)[] = [];

  connect = (query: Readonly<Record<string, string>>, listener: SocketListener): Socket => {
    const socket = new FakeSocket(query, listener);
    this.sockets.push(socket);
    return socket;
  };

  diagnose = async (query: Readonly<Record<string, string>>): Promise<Refusal | undefined> => {
    this.diagnosed.push(query);
    return this.refusal;
  };

  now = () => this.clock;
  random = () => this.chance;
  isOnline = () => this.online;

  after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.clock + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  whenOnline = (run: () => void): (() => void) => {
    this.waiting.push(run);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== run);
    };
  };

  whenOffline = (run: () => void): (() => void) => {
    this.warned.push(run);
    return () => {
      this.warned = this.warned.filter((other) => other !== run);
    };
  };

  /** Moves the clock, and does what is due in its order. */
  pass(ms: number): void {
    const until = this.clock + ms;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.clock = due.at;
      due.run();
    }
    this.clock = until;
  }

  goOffline(): void {
    this.online = false;
    for (const run of this.warned.splice(0)) run();
  }

  comeOnline(): void {
    this.online = true;
    for (const run of this.waiting.splice(0)) run();
  }

  /** The last connection. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("nothing was connected");
    return socket;
  }
}

/** Lets promises that are settled go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
