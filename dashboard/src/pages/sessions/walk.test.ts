import { describe, expect, it } from "vitest";
import { filterOf, isNarrowed, rangeBefore, type UrlFilter } from "./filter";
import { AI, at } from "./testing";
import { EVENTS_MAX, lookedAt, SESSIONS_MAX, type Step, walkStep } from "./walk";

const of = (session: string, more: object = {}) => ({ metadata: { session_id: session }, ...more });

/** A store of events, newest first, that answers as the API does; and what was asked of it. */
function store(...sessions: (string | undefined)[]) {
  const items = sessions.map((session, index) =>
    at(sessions.length - index, session === undefined ? { metadata: {} } : of(session)),
  );
  const asked: { limit: number; cursor?: string }[] = [];
  const read = async (query: { limit: number; cursor?: string }) => {
    asked.push(query);
    const from = Number(query.cursor ?? 0);
    const to = from + query.limit;
    const page = items.slice(from, to).map(({ event, receipt }) => ({ event, record: receipt }));
    return JSON.stringify({ items: page, next_cursor: to < items.length ? String(to) : null });
  };
  return { read, asked };
}

const times = (count: number, session: string) => Array.from({ length: count }, () => session);
const ids = ({ sessions }: Pick<Step, "sessions">) => sessions.map(({ id }) => id);

describe("a step back", () => {
  it("is one page where that has enough sessions", async () => {
    const { read, asked } = store(...Array.from({ length: 900 }, (_, index) => `s-${index % 40}`));
    const step = await walkStep(read, undefined);
    expect(asked).toEqual([{ limit: 200 }]);
    expect(step).toMatchObject({ events: 200, pages: 1, next: "200" });
    expect(step.sessions).toHaveLength(40);
  });

  it("reads on past a long session until it has found others", async () => {
    const { read, asked } = store(
      ...times(750, "long"),
      ...Array.from({ length: 200 }, (_, index) => `s-${index}`),
    );
    const step = await walkStep(read, undefined);
    expect(asked).toEqual([{ limit: 200 }, { limit: 500, cursor: "200" }, { limit: 500, cursor: "700" }]);
    expect(step.sessions[0]).toMatchObject({ id: "long", events: 750 });
    expect(step.next).toBeUndefined();
  });

  it("ends although nothing was found, once it has read enough, and says how far it came", async () => {
    const { read } = store(...times(20_000, "endless"));
    const step = await walkStep(read, undefined);
    expect(step.events).toBe(4_200);
    expect(step.next).toBe("4200");
    expect(step.oldestMs).toBe(Date.parse(at(20_000 - 4_200 + 1).timestamp));
    const heavy = await walkStep(read, undefined, { sessions: 25, events: 4_000, chars: 1 });
    expect(heavy.pages).toBe(1);
  });

  it("goes on where the one before ended, and a session of both is one", async () => {
    const { read } = store(...times(200, "a"), undefined, "a", "b");
    const bounds = { sessions: 1, events: 4_000, chars: 1_000_000 };
    const first = await walkStep(read, undefined, bounds);
    const second = await walkStep(read, first.next, bounds);
    const looked = lookedAt([first, second]);
    expect(looked).toMatchObject({ events: 203, apart: 1, rest: "none" });
    expect(looked.sessions).toMatchObject([
      { id: "a", events: 201, first: at(2).timestamp, last: at(203).timestamp },
      { id: "b", events: 1 },
    ]);
  });

  it("stands empty pages, which are no end", async () => {
    const pages = [
      { items: [], next_cursor: "1" },
      { items: [{ event: at(1, of("a")).event }], next_cursor: null },
    ];
    const step = await walkStep(async ({ cursor }) => JSON.stringify(pages[Number(cursor ?? 0)]), undefined);
    expect(ids(step)).toEqual(["a"]);
    expect(step.next).toBeUndefined();
  });
});

describe("the list", () => {
  const step = (events: number, sessions: number, next: string | undefined): Step => ({
    sessions: Array.from({ length: sessions }, (_, index) => ({
      id: `s-${index}`,
      events: 1,
      errors: 0,
      aiIds: [AI],
      first: at(1).timestamp,
      last: at(1).timestamp,
      tokens: 0,
    })),
    apart: 0,
    events,
    pages: 1,
    oldestMs: 7,
    next,
  });

  it("goes on, is full, or has an end", () => {
    expect(lookedAt([step(10, 10, "next")]).rest).toBe("more");
    expect(lookedAt([step(10, 10, undefined)]).rest).toBe("none");
    expect(lookedAt([step(EVENTS_MAX, 1, "next")]).rest).toBe("full");
    expect(lookedAt([step(10, SESSIONS_MAX, "next")]).rest).toBe("full");
    expect(lookedAt([step(10, SESSIONS_MAX, undefined)]).rest).toBe("none");
  });

  it("knows how far back it looked though the last step found nothing", () => {
    const last = { ...step(0, 0, undefined), oldestMs: undefined };
    expect(lookedAt([step(10, 1, "next"), last]).oldestMs).toBe(7);
  });
});

describe("a filter", () => {
  const now = new Date("2026-01-31T12:00:00Z");
  const all: UrlFilter = { range: { preset: "all" }, ai: undefined, errors: false };

  it("asks for what it names and for nothing else", () => {
    expect(filterOf(all, now)).toEqual({});
    expect(filterOf({ ...all, range: { preset: "24h" } }, now)).toEqual({ from: "2026-01-30T12:00:00.000Z" });
    const range = { from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" };
    expect(filterOf({ range, ai: AI, errors: true }, now)).toEqual({
      ...range,
      ai_id: AI,
      event_type: "ai.error",
    });
  });

  it("is not made of what is no AI system's id", () => {
    expect(filterOf({ ...all, ai: "'; --" }, now)).toEqual({});
    expect(isNarrowed({ ...all, ai: "'; --" })).toBe(false);
    expect(isNarrowed({ ...all, ai: AI })).toBe(true);
    expect(isNarrowed({ ...all, range: { preset: "24h" } })).toBe(true);
  });

  it("goes on with the time before", () => {
    const oldest = now.getTime();
    expect(rangeBefore(oldest, { from: "2026-01-01T00:00:00.000Z" })).toEqual({
      from: "2026-01-01T00:00:00.000Z",
      to: "2026-01-31T12:00:00.001Z",
    });
    expect(rangeBefore(oldest, {})).toEqual({
      from: "2026-01-01T12:00:00.000Z",
      to: "2026-01-31T12:00:00.001Z",
    });
  });
});
