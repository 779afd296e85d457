/**
 * The live stream over a WebSocket: it begins, goes on after a cut where it was, pauses, changes what it wants, and says in
 * which state it is. It knows no page and no React; the socket, the clock and chance are handed in.
 *
 * `cursor` is behind the last frame that came, so a new connection misses nothing and repeats little. The gateway answers
 * each frame of ours with one of its own, in order: `asked` says what the next answer is to.
 */
import { waitMs } from "./backoff";
import { type Frame, readFrame } from "./frames";
import type { Row } from "./row";

/** What is wanted of the events; absent is any. */
export interface Filter {
  ai_id?: string;
  event_type?: string;
  session_id?: string;
  request_id?: string;
  q?: string;
  from?: string;
  to?: string;
}

export type StreamState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "paused" }
  /** It broke off, and is tried again at `at`; nothing is missed, for the log has it. */
  | { kind: "reconnecting"; at?: number; why: string }
  /** The browser has no network. */
  | { kind: "offline" }
  /** It is not tried again by itself. */
  | { kind: "ended"; why: string; problem?: unknown };

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  message(text: string): void;
  closed(code: number): void;
}

/** What an answer that is no stream says. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  retryAfterS?: number | undefined;
}

export interface World {
  connect(query: Readonly<Record<string, string>>, listener: SocketListener): Socket;
  /** Why a stream of this does not begin: a browser tells nothing of a handshake that failed. */
  diagnose(query: Readonly<Record<string, string>>): Promise<Refusal | undefined>;
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
  isOnline(): boolean;
  /** Once the network is gone; answers how not to be told. */
  whenOffline(run: () => void): () => void;
  whenOnline(run: () => void): () => void;
}

export interface StreamListener {
  rows(rows: Row[]): void;
  /** So many were let go, since this page was too slow for them. */
  missed(count: number): void;
  /** What was missed comes again. */
  recovering(): void;
  /** From here on everything comes; what was before, the stream does not bring. */
  began(): void;
  /** The log no longer has what the stream would have gone on with. */
  expired(): void;
  state(state: StreamState): void;
}

type Asked = "pause" | "resume" | "recover" | "filter" | "check";

/** A connection that lasted so long was a good one: the next wait is short again. */
const STEADY_MS = 5_000;
/** A connection on which nothing was heard for so long is asked whether it still is one. */
const QUIET_MS = 60_000;
/** So long an answer may take. */
const ANSWER_MS = 10_000;

/** What `bye` says that time does not mend. */
const FOR_GOOD = new Set([
  "protocol_error",
  "not_text",
  "too_many_frames",
  "frame_too_large",
  "topic_deleted",
]);

/** What the close code says where there was no `bye`. */
const REASONS: Readonly<Record<number, string>> = {
  1001: "shutdown",
  1002: "protocol_error",
  1007: "not_text",
  1008: "too_many_frames",
  1009: "frame_too_large",
  1013: "log_unavailable",
  4401: "key_invalid",
  4404: "topic_deleted",
};

export class LiveStream {
  private socket: Socket | undefined;
  /** Counts connections: what an earlier one still says is not heard. */
  private connection = 0;
  private isOpen = false;
  private isPaused = false;
  private isStopped = false;
  private ended: StreamState | undefined;
  private cursor: string | undefined;
  /** What this connection was made for. */
  private connectedFor: Filter | undefined;
  private attempt = 0;
  private openedAt = 0;
  private heardAt = 0;
  private byeReason: string | undefined;
  private asked: Asked[] = [];
  /** Where what was missed begins. */
  private gapAt: string | undefined;
  private retryAt: number | undefined;
  private why = "";
  private stopWaiting: (() => void) | undefined;
  private stopWatching: (() => void) | undefined;

  constructor(
    private readonly topic: string,
    private filter: Filter,
    private readonly listener: StreamListener,
    private readonly world: World,
  ) {}

  /** From now on, or from a cursor. */
  start(cursor?: string): void {
    this.cursor = cursor;
    this.connect();
  }

  /** For good. */
  stop(): void {
    this.isStopped = true;
    this.drop();
  }

  pause(): void {
    if (this.isPaused || this.ended) return;
    this.isPaused = true;
    if (this.isOpen) this.say("pause", { type: "pause" });
    else this.drop();
    this.tell();
  }

  /** Goes on where it was: the log has kept what came meanwhile. */
  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    if (this.isOpen) this.say("resume", { type: "resume" });
    else this.connect();
    this.tell();
  }

  /** Goes back for what was missed. */
  recover(): void {
    if (this.gapAt === undefined) return;
    this.isPaused = false;
    if (this.isOpen) {
      this.say("recover", { type: "resume", cursor: this.gapAt });
    } else {
      this.cursor = this.gapAt;
      this.gapAt = undefined;
      this.listener.recovering();
      this.retry();
    }
    this.tell();
  }

  /** Wants something else from here on. */
  want(filter: Filter): void {
    this.filter = filter;
    if (this.ended) this.retry();
    else if (this.isOpen) this.sayFilter();
    // Otherwise it is said with the greeting, or asked for by the next connection.
  }

  /** Tries at once; also what had ended. */
  retry(): void {
    if (this.isStopped) return;
    if (this.ended) this.isPaused = false;
    this.ended = undefined;
    this.attempt = 0;
    this.connect();
  }

  /** Leaves out what is between here and now. */
  skipToNow(): void {
    this.cursor = undefined;
    this.gapAt = undefined;
    this.isPaused = false;
    this.retry();
  }

  private query(): Record<string, string> {
    const named = Object.entries({ batch: "1", topic: this.topic, ...this.filter, cursor: this.cursor });
    return Object.fromEntries(named.filter((pair): pair is [string, string] => pair[1] !== undefined));
  }

  private connect(): void {
    if (this.isStopped) return;
    this.drop();
    if (!this.world.isOnline()) {
      this.stopWaiting = this.world.whenOnline(() => this.connect());
      this.tell();
      return;
    }
    this.connection += 1;
    const mine = this.connection;
    const isMine = () => mine === this.connection;
    const query = this.query();
    this.connectedFor = this.filter;
    this.byeReason = undefined;
    // A connection that lost its network says nothing for long; it is gone on from where it was.
    this.stopWaiting = this.world.whenOffline(() => this.connect());
    this.socket = this.world.connect(query, {
      message: (text) => isMine() && this.hear(text),
      closed: (code) => isMine() && this.closed(code, query),
    });
    this.tell();
  }

  /** Lets go of the connection, or of waiting for one. */
  private drop(): void {
    this.connection += 1;
    this.stopWaiting?.();
    this.stopWatching?.();
    this.stopWaiting = undefined;
    this.stopWatching = undefined;
    this.retryAt = undefined;
    this.asked = [];
    this.isOpen = false;
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
  }

  private hear(text: string): void {
    this.heardAt = this.world.now();
    let frame: Frame;
    try {
      frame = readFrame(text);
    } catch {
      this.end("unreadable");
      return;
    }
    if ("cursor" in frame && frame.cursor !== undefined) this.cursor = frame.cursor;
    this.take(frame);
  }

  private take(frame: Frame): void {
    switch (frame.type) {
      case "rows":
        // What still comes of an earlier filter is not wanted any more.
        if (!this.asked.includes("filter")) this.listener.rows(frame.rows);
        break;
      case "hello":
        this.greeted();
        break;
      case "gap":
        this.gapAt ??= frame.resume;
        this.listener.missed(frame.missed);
        break;
      case "expired":
        this.listener.expired();
        break;
      case "bye":
        this.byeReason = frame.reason;
        break;
      case "error":
        this.refused(frame.code, frame.detail, frame.position);
        break;
      case "paused":
      case "resumed":
      case "filtered":
        this.answered();
        break;
      case "other":
        break;
    }
  }

  private greeted(): void {
    const isAnew = !this.isOpen;
    this.isOpen = true;
    this.openedAt = this.world.now();
    this.why = "";
    if (isAnew) this.watch(QUIET_MS);
    if (isAnew && this.connectedFor !== this.filter) this.sayFilter();
    else this.listener.began();
    this.tell();
  }

  private answered(): void {
    const asked = this.asked.shift();
    if (asked === "recover") {
      this.gapAt = undefined;
      this.listener.recovering();
    }
    if (asked === "filter" && !this.asked.includes("filter")) this.listener.began();
  }

  private refused(code: string, detail: string, position: number | undefined): void {
    const asked = this.asked.shift();
    if (asked === "filter") {
      this.end("refused", { status: 400, code, detail, position });
    } else if (asked === "recover" && code === "invalid_cursor") {
      this.gapAt = undefined;
      this.listener.expired();
    } else if (asked !== undefined) {
      // A new connection asks the same again, after a while.
      if (asked === "recover") this.cursor = this.gapAt;
      this.breakOff(code);
    }
  }

  private closed(code: number, query: Record<string, string>): void {
    const wasOpen = this.isOpen;
    const reason = this.byeReason ?? REASONS[code] ?? "cut";
    if (this.world.now() - this.openedAt >= STEADY_MS && wasOpen) this.attempt = 0;
    this.socket = undefined;
    if (FOR_GOOD.has(reason)) this.end(reason);
    else if (this.isPaused) this.drop();
    else if (!wasOpen || reason === "key_invalid") void this.ask(query, reason);
    else this.breakOff(reason);
  }

  /** Asks over plain HTTP why there is no stream. */
  private async ask(query: Record<string, string>, reason: string): Promise<void> {
    this.drop();
    const mine = this.connection;
    this.why = reason;
    this.tell();
    const { cursor: _cursor, ...withoutCursor } = query;
    const refusal = await this.world
      .diagnose(reason === "key_invalid" ? withoutCursor : query)
      .catch(() => undefined);
    if (mine !== this.connection || this.isStopped) return;
    if (refusal?.code === "invalid_cursor" && this.cursor !== undefined) {
      this.cursor = undefined;
      this.gapAt = undefined;
      this.listener.expired();
      this.breakOff(reason);
    } else if (
      refusal !== undefined &&
      refusal.status >= 400 &&
      refusal.status < 500 &&
      refusal.status !== 429
    ) {
      this.end(refusal.code, refusal);
    } else {
      this.breakOff(refusal?.code ?? reason, refusal?.retryAfterS);
    }
  }

  /** Comes again after a while. */
  private breakOff(why: string, notBeforeS = 0): void {
    this.drop();
    this.why = why;
    // What is paused needs no connection: resuming makes one.
    if (!this.isPaused) {
      const wait = Math.max(waitMs(this.attempt, this.world.random), notBeforeS * 1_000);
      this.attempt += 1;
      this.retryAt = this.world.now() + wait;
      this.stopWaiting = this.world.after(wait, () => this.connect());
    }
    this.tell();
  }

  private end(why: string, problem?: unknown): void {
    this.drop();
    this.ended = { kind: "ended", why, ...(problem === undefined ? {} : { problem }) };
    this.tell();
  }

  private sayFilter(): void {
    this.say("filter", { type: "filter", ...this.filter });
  }

  private say(asked: Asked, frame: object): void {
    this.asked.push(asked);
    this.socket?.send(JSON.stringify(frame));
  }

  /** A machine that slept, or a network that forgot us, leaves a socket that never closes. */
  private watch(ms: number): void {
    this.stopWatching = this.world.after(ms, () => {
      const quietMs = this.world.now() - this.heardAt;
      const isAsked = this.asked.includes("check");
      if (isAsked && quietMs >= ANSWER_MS) {
        this.breakOff("quiet");
      } else if (quietMs < QUIET_MS || isAsked) {
        this.watch(isAsked ? ANSWER_MS : QUIET_MS - quietMs);
      } else {
        // The same filter again changes nothing, and is answered.
        this.say("check", { type: "filter", ...this.filter });
        this.watch(ANSWER_MS);
      }
    });
  }

  private tell(): void {
    if (!this.isStopped) this.listener.state(this.state());
  }

  private state(): StreamState {
    if (this.ended) return this.ended;
    if (this.isPaused) return { kind: "paused" };
    if (this.isOpen) return { kind: "live" };
    if (!this.world.isOnline()) return { kind: "offline" };
    if (this.why === "" && this.retryAt === undefined) return { kind: "connecting" };
    return {
      kind: "reconnecting",
      why: this.why,
      ...(this.retryAt === undefined ? {} : { at: this.retryAt }),
    };
  }
}
