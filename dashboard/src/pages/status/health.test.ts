import { afterEach, describe, expect, it, vi } from "vitest";
import type { Schemas } from "@/api";
import { type Answer, ask, isReachable, UNREACHABLE, type Watch, watch } from "./health";

const up: Schemas["Dependency"] = { name: "log", kind: "kafka", required: true, state: "up" };
const spool: Schemas["Spool"] = {
  state: "idle",
  records: 0,
  bytes: 0,
  bytes_max: 1024,
  oldest_age_seconds: 0,
  drain_records_per_second: 0,
  refused_records: 0,
  unreadable_slots: 0,
};

function answer(of: Partial<Schemas["Readiness"]> = {}): Answer {
  return { readiness: { status: "ready", dependencies: [up], spool, ...of }, summary: undefined };
}

/** What is known after these, a second apart. */
function after(...answers: (Answer | undefined)[]): Watch {
  const [first, ...rest] = answers;
  return rest.reduce((known, next, at) => watch(known, next, (at + 2) * 1000), watch(undefined, first, 1000));
}

describe("since when", () => {
  it("is not known of what was so when one began to look", () => {
    expect(after(answer(), answer(), answer()).states).toEqual({
      gateway: { state: "ready", sinceMs: 1000, isSeen: false },
      "dependency:log": { state: "up", sinceMs: 1000, isSeen: false },
      spool: { state: "idle", sinceMs: 1000, isSeen: false },
    });
  });

  it("is when it was seen to begin", () => {
    const down = answer({
      status: "degraded",
      dependencies: [{ ...up, state: "down" }],
      spool: { ...spool, state: "spooling" },
    });
    const known = after(answer(), down, down);
    expect(known.states["dependency:log"]).toEqual({ state: "down", sinceMs: 2000, isSeen: true });
    expect(known.changes).toEqual([
      { atMs: 2000, subject: "gateway", from: "ready", to: "degraded" },
      { atMs: 2000, subject: "dependency:log", from: "up", to: "down" },
      { atMs: 2000, subject: "spool", from: "idle", to: "spooling" },
    ]);
  });

  it("of the rest stays as it was last heard while the gateway does not answer", () => {
    const known = after(answer(), undefined, undefined);
    expect(isReachable(known)).toBe(false);
    expect(known.states.gateway).toEqual({ state: UNREACHABLE, sinceMs: 2000, isSeen: true });
    expect(known.states["dependency:log"]?.state).toBe("up");
    expect([known.askedMs, known.answeredMs]).toEqual([3000, 1000]);
    expect(known.answer).toEqual(answer());
  });

  it("tells that it answers again, and what changed meanwhile", () => {
    const known = after(answer(), undefined, answer({ dependencies: [{ ...up, state: "starting" }] }));
    expect(isReachable(known)).toBe(true);
    expect(known.changes.map(({ subject, to }) => `${subject} ${to}`)).toEqual([
      "gateway ready",
      "dependency:log starting",
      `gateway ${UNREACHABLE}`,
    ]);
  });

  it("takes what is new for no change", () => {
    const redis: Schemas["Dependency"] = { name: "redis", kind: "redis", required: false, state: "down" };
    const known = after(undefined, answer({ dependencies: [up, redis] }));
    expect(known.states["dependency:redis"]).toEqual({ state: "down", sinceMs: 2000, isSeen: false });
    expect(known.changes.map(({ subject }) => subject)).toEqual(["gateway"]);
  });

  it("is kept of so many changes and no more", () => {
    const flapping = Array.from({ length: 101 }, (_, at) => (at % 2 === 0 ? answer() : undefined));
    const { changes } = after(...flapping);
    expect(changes).toHaveLength(50);
    expect(changes[0]?.atMs).toBe(101_000);
  });
});

describe("asking", () => {
  afterEach(() => vi.unstubAllGlobals());

  const answers = (byPath: Record<string, () => Response>) =>
    vi.stubGlobal("fetch", async (path: string) => {
      const made = byPath[path];
      if (made === undefined) throw new TypeError("no way there");
      return made();
    });
  const json =
    (body: unknown, status = 200) =>
    () =>
      new Response(JSON.stringify(body), { status });
  const signal = () => new AbortController().signal;

  it("takes an unavailable gateway's answer for one", async () => {
    const readiness = { status: "unavailable", dependencies: [{ ...up, state: "down" }] };
    const summary = { status: "unavailable", version: "0.1.0", uptime_seconds: 5 };
    answers({ "/health/ready": json(readiness, 503), "/health": json(summary) });
    expect(await ask(signal())).toEqual({ readiness, summary });
  });

  it("takes a proxy's page, or nothing at all, for none", async () => {
    answers({ "/health/ready": () => new Response("<h1>502</h1>", { status: 502 }), "/health": json({}) });
    expect(await ask(signal())).toBeUndefined();
    answers({});
    expect(await ask(signal())).toBeUndefined();
  });

  it("does without the version where only that did not come", async () => {
    answers({ "/health/ready": json({ status: "ready", dependencies: [] }) });
    expect(await ask(signal())).toEqual({
      readiness: { status: "ready", dependencies: [] },
      summary: undefined,
    });
  });
});
