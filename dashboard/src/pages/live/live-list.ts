/**
 * The rows of the live table: the stream's on top, history below, and what stands between them. It takes whatever comes at
 * once, and shows it when it is asked to (`flush`), a few times a second.
 *
 * While the reader looks at something (`hold`), the rows that are shown stay as they are; what comes is counted, and shown
 * on `release`. So nothing moves under a reader, and the ring below goes on.
 */
import { parseTime } from "@/lib/time";
import { readPage } from "./frames";
import { History, type HistoryState, type PageQuery } from "./history";
import { Rate } from "./rate";
import { RING_ROWS_MAX, Ring } from "./ring";
import { type Row, readMessage } from "./row";
import { type Filter, LiveStream, type StreamState, type World } from "./stream";

export const EVENTS_TOPIC = "aibbar.events";

/** What is to be shown. */
export interface Question {
  topic: string;
  filter: Filter;
  /** Whether anything can still come: not where the range has ended. */
  isLive: boolean;
  /** Where to begin with messages, which have no history: now, with the oldest kept, or at a time. */
  begin: "now" | "earliest" | { since: string };
}

export interface Sources {
  world: World;
  readEvents(filter: Filter, page: PageQuery, signal: AbortSignal): Promise<string>;
  /** The first message of a topic since a time, as the JSON text of a page. */
  readFirstMessage(topic: string, since: string): Promise<string>;
}

export interface View {
  /** Of the stream, newest first. */
  head: readonly Row[];
  /** Of the store, newest first. */
  tail: readonly Row[];
  isHeld: boolean;
  /** How many came since the rows are held. */
  fresh: number;
  stream: StreamState | { kind: "history" };
  history: HistoryState;
  received: number;
  missed: number;
  /** How many the ring let go; history has them. */
  letGo: number;
  perSecond: number;
  /** How far what comes lies behind what happens, when that is worth telling. */
  behindMs: number;
}

const SETTLE_AFTER_MS = [1_500, 5_000];
/** Less than this is no delay worth a word. */
const BEHIND_MS_MIN = 10_000;
const FLOWING_MS = 2_000;

const EMPTY: View = {
  head: [],
  tail: [],
  isHeld: false,
  fresh: 0,
  stream: { kind: "connecting" },
  history: { kind: "more" },
  received: 0,
  missed: 0,
  letGo: 0,
  perSecond: 0,
  behindMs: 0,
};

export class LiveList {
  view: View = EMPTY;
  private readonly watchers = new Set<() => void>();
  private question: Question | undefined;
  private stream: LiveStream | undefined;
  private ring: Ring;
  private history: History | undefined;
  private rate = new Rate();
  private streamState: View["stream"] = EMPTY.stream;
  private received = 0;
  private missed = 0;
  /** The least time between taking and showing that was seen: what the two clocks differ by. */
  private clockGap = Number.POSITIVE_INFINITY;
  private lag = 0;
  private tookAt = Number.NEGATIVE_INFINITY;
  private isHeld = false;
  /** What the ring had let go when the rows were shown that are held. */
  private shownLetGo = { count: 0, until: Number.NEGATIVE_INFINITY };
  private shownAdded = 0;
  /** What the ring had let go when history began. */
  private historyLetGo = 0;
  private shownKeys: Set<string> | undefined;
  private isDirty = true;
  private settleTimers: (() => void)[] = [];
  /** The history whose head is read again, or was. */
  private settled: History | undefined;

  constructor(
    private readonly sources: Sources,
    private readonly ringRowsMax = RING_ROWS_MAX,
  ) {
    this.ring = new Ring(ringRowsMax);
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Shows something else. Where only the filter changes, the stream goes on. */
  ask(question: Question): void {
    const before = this.question;
    this.question = question;
    const goesOn =
      this.stream !== undefined && question.isLive && before?.topic === question.topic && isEvents(question);
    this.clear();
    if (goesOn) {
      this.stream?.want(question.filter);
    } else {
      this.stream?.stop();
      this.stream = undefined;
      if (question.isLive) void this.begin(question);
      else this.streamState = { kind: "history" };
    }
    if (isEvents(question)) void this.history?.more();
    this.flush();
  }

  stop(): void {
    this.stream?.stop();
    this.stream = undefined;
    this.question = undefined;
    this.history?.drop();
    this.forgetSettling();
  }

  pause(): void {
    this.stream?.pause();
    this.flush();
  }

  resume(): void {
    this.stream?.resume();
    this.flush();
  }

  recover(): void {
    this.stream?.recover();
  }

  retry(): void {
    this.stream?.retry();
  }

  /** Leaves out what is between here and now; history has it. */
  skipToNow(): void {
    this.clear();
    this.stream?.skipToNow();
    if (this.question !== undefined && isEvents(this.question)) void this.history?.more();
    this.flush();
  }

  /** The rows that are shown stay. */
  hold(): void {
    if (this.isHeld) return;
    this.isHeld = true;
    this.isDirty = true;
    this.flush();
  }

  /** Shows what came meanwhile. */
  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.isDirty = true;
    this.flush();
  }

  /** Reads on into what is stored. */
  more(): void {
    void this.history?.more();
  }

  /** Shows what there is. */
  flush(): void {
    const now = this.sources.world.now();
    const perSecond = this.rate.perSecond(now);
    // What came last says how far behind the stream is as long as more comes.
    const behindMs = this.lag > BEHIND_MS_MIN && now - this.tookAt < FLOWING_MS ? this.lag : 0;
    if (!this.isDirty && perSecond === this.view.perSecond && behindMs === this.view.behindMs) return;
    this.isDirty = false;
    if (!this.isHeld) this.showNewest();
    this.view = {
      head: this.view.head,
      tail: this.history?.rows ?? [],
      isHeld: this.isHeld,
      fresh: this.isHeld ? this.ring.added - this.shownAdded : 0,
      stream: this.streamState,
      history: this.history?.state ?? { kind: "none" },
      received: this.received,
      missed: this.missed,
      letGo: this.ring.letGo,
      perSecond,
      behindMs,
    };
    for (const watcher of this.watchers) watcher();
  }

  private showNewest(): void {
    const { ring } = this;
    if (ring.added !== this.shownAdded || ring.letGo !== this.shownLetGo.count) {
      this.view = { ...this.view, head: ring.newestFirst() };
      this.shownAdded = ring.added;
      this.shownLetGo = { count: ring.letGo, until: ring.letGoUntil };
      this.shownKeys = undefined;
    }
    // What was let go since history began would stand between the two.
    if (this.history?.hasBegun && ring.letGo !== this.historyLetGo && this.question !== undefined) {
      this.beginHistory(this.question);
    }
  }

  private clear(): void {
    this.ring = new Ring(this.ringRowsMax);
    this.rate = new Rate();
    this.received = 0;
    this.missed = 0;
    this.lag = 0;
    this.isHeld = false;
    this.isDirty = true;
    this.shownAdded = 0;
    this.shownLetGo = { count: 0, until: Number.NEGATIVE_INFINITY };
    this.shownKeys = undefined;
    this.view = { ...EMPTY, stream: this.streamState };
    this.history?.drop();
    this.history = undefined;
    if (this.question !== undefined && isEvents(this.question)) this.beginHistory(this.question);
  }

  /** History from below the rows that the ring has let go, or from the newest. */
  private beginHistory(question: Question): void {
    const latest = parseTime(this.history?.latest() ?? "").getTime();
    const until = this.shownLetGo.until;
    const isWhole = until === Number.NEGATIVE_INFINITY;
    // A millisecond more: times have digits behind it.
    const before = isWhole
      ? Number.POSITIVE_INFINITY
      : Math.max(until, Number.isNaN(latest) ? until : latest) + 1;
    this.history?.drop();
    this.historyLetGo = this.shownLetGo.count;
    this.history = new History(
      (page, signal) => this.sources.readEvents(question.filter, earlier(page, question.filter), signal),
      (key) => this.isShown(key),
      () => this.historyChanged(),
      before,
    );
    this.isDirty = true;
  }

  private historyChanged(): void {
    this.isDirty = true;
    if (this.settled === this.history || this.history?.state.kind === "loading") return;
    this.settled = this.history;
    this.planSettling();
  }

  private isShown(key: string): boolean {
    if (this.ring.has(key)) return true;
    if (!this.isHeld) return false;
    this.shownKeys ??= new Set(this.view.head.map((row) => row.key));
    return this.shownKeys.has(key);
  }

  private planSettling(): void {
    if (this.settleTimers.length > 0 || this.question?.isLive !== true) return;
    this.settleTimers = SETTLE_AFTER_MS.map((ms, index) => {
      return this.sources.world.after(ms, () => {
        if (index === SETTLE_AFTER_MS.length - 1) this.settleTimers = [];
        void this.history?.settle();
      });
    });
  }

  private forgetSettling(): void {
    for (const forget of this.settleTimers) forget();
    this.settleTimers = [];
  }

  private async begin(question: Question): Promise<void> {
    this.streamState = { kind: "connecting" };
    const cursor = await this.cursorOf(question).catch((problem: unknown) => ({ problem }));
    if (this.question !== question) return;
    if (typeof cursor === "object") {
      this.streamState = { kind: "ended", why: "failed", problem: cursor.problem };
      this.isDirty = true;
      return;
    }
    this.stream = new LiveStream(question.topic, question.filter, this.heard(), this.sources.world);
    this.stream.start(cursor);
  }

  private async cursorOf(question: Question): Promise<string | undefined> {
    const { topic, begin } = question;
    if (topic === EVENTS_TOPIC || begin === "now") return undefined;
    if (begin === "earliest") return begin;
    const page = readPage(await this.sources.readFirstMessage(topic, begin.since), readMessage);
    // A cursor is behind its message, so this one the stream does not bring.
    if (this.question === question && question.filter.q === undefined) this.take(page.rows);
    return page.next;
  }

  private heard() {
    return {
      rows: (rows: Row[]) => this.take(rows),
      missed: (count: number) => {
        this.missed += count;
        this.isDirty = true;
      },
      recovering: () => {
        this.missed = 0;
        this.isDirty = true;
      },
      began: () => {
        this.forgetSettling();
        this.planSettling();
      },
      expired: () => {
        // The log has a hole there; the store may not.
        if (this.question !== undefined && isEvents(this.question)) this.beginHistory(this.question);
      },
      state: (state: StreamState) => {
        this.streamState = state;
        this.isDirty = true;
      },
    };
  }

  private take(rows: readonly Row[]): void {
    const now = this.sources.world.now();
    let fresh = 0;
    for (const row of rows) {
      if (this.history?.has(row.key)) continue;
      if (this.ring.add(row) === "added") fresh += 1;
    }
    const newest = rows.at(-1);
    if (newest !== undefined && newest.at > 0) {
      this.clockGap = Math.min(this.clockGap, now - newest.at);
      this.lag = now - newest.at - this.clockGap;
      this.tookAt = now;
    }
    this.received += fresh;
    this.rate.add(fresh, now);
    this.isDirty = true;
  }
}

function isEvents(question: Question): boolean {
  return question.topic === EVENTS_TOPIC;
}

/** The earlier of the two ends. */
function earlier(page: PageQuery, filter: Filter): PageQuery {
  if (filter.to === undefined) return page;
  const isEarlier = page.to !== undefined && parseTime(page.to).getTime() < parseTime(filter.to).getTime();
  return isEarlier ? page : { ...page, to: filter.to };
}

/** The row at a place of the table. */
export function rowAt(view: View, index: number): Row | undefined {
  return index < view.head.length ? view.head[index] : view.tail[index - view.head.length];
}

export function rowCount(view: View): number {
  return view.head.length + view.tail.length;
}
