import { beforeEach, describe, expect, it } from "vitest";
import type { Row } from "./row";
import { type Filter, LiveStream, type StreamState } from "./stream";
import { events, FakeWorld, idOf, settled } from "./testing";

let world: FakeWorld;
let seen: {
  rows: string[];
  missed: number[];
  states: StreamState[];
  began: number;
  expired: number;
  recovering: number;
};

function open(filter: Filter = {}, cursor?: string): LiveStream {
  const stream = new LiveStream(
    "aibbar.events",
    filter,
    {
      rows: (rows: Row[]) => seen.rows.push(...rows.map(({ id }) => id)),
      missed: (count) => seen.missed.push(count),
      recovering: () => {
        seen.recovering += 1;
      },
      began: () => {
        seen.began += 1;
      },
      expired: () => {
        seen.expired += 1;
      },
      state: (state) => seen.states.push(state),
    },
    world,
  );
  stream.start(cursor);
  return stream;
}

function live(filter: Filter = {}): LiveStream {
  const stream = open(filter);
  world.socket.says({ type: "hello", cursor: "hello" });
  return stream;
}

const state = () => seen.states.at(-1);

beforeEach(() => {
  world = new FakeWorld();
  seen = { rows: [], missed: [], states: [], began: 0, expired: 0, recovering: 0 };
});

describe("beginning", () => {
  it("asks for batches of its topic by its filter", () => {
    open({ event_type: "ai.error", q: undefined });
    expect(world.socket.query).toEqual({ batch: "1", topic: "aibbar.events", event_type: "ai.error" });
    expect(state()).toEqual({ kind: "connecting" });
  });

  it("is live from the greeting on", () => {
    live();
    expect(state()).toEqual({ kind: "live" });
    expect(seen.began).toBe(1);
    world.socket.says(events("c1", 1, 2));
    expect(seen.rows).toEqual([idOf(1), idOf(2)]);
  });

  it("goes on from a cursor that it is given", () => {
    open({}, "earliest");
    expect(world.socket.query["cursor"]).toBe("earliest");
  });

  it("waits for a network where there is none", () => {
    world.online = false;
    open();
    expect(world.sockets).toHaveLength(0);
    expect(state()).toEqual({ kind: "offline" });
    world.comeOnline();
    expect(world.sockets).toHaveLength(1);
  });
});

describe("a network that goes", () => {
  it("is known at once, and gone on from behind the last frame once it is back", () => {
    live();
    world.socket.says(events("c7", 1));
    world.goOffline();
    expect(state()).toEqual({ kind: "offline" });
    expect(world.sockets).toHaveLength(1);
    world.comeOnline();
    expect(world.sockets).toHaveLength(2);
    expect(world.socket.query["cursor"]).toBe("c7");
  });
});

describe("a cut", () => {
  it("is gone on from behind the last frame that came", () => {
    live();
    world.socket.says(events("c7", 1));
    world.socket.ends(1006);
    expect(state()).toMatchObject({ kind: "reconnecting", why: "cut" });
    world.pass(500);
    expect(world.socket.query["cursor"]).toBe("c7");
    world.socket.says({ type: "hello", cursor: "c7" });
    expect(state()).toEqual({ kind: "live" });
  });

  it("waits longer each time, and not as long after a connection that lasted", async () => {
    live();
    const waits: number[] = [];
    for (let cuts = 0; cuts < 4; cuts += 1) {
      world.socket.ends(1006);
      const told = state();
      waits.push(told?.kind === "reconnecting" && told.at !== undefined ? told.at - world.now() : -1);
      world.pass(waits.at(-1) as number);
      world.socket.says({ type: "hello", cursor: "c" });
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
    world.pass(5_000);
    world.socket.ends(1006);
    expect(state()).toMatchObject({ at: world.now() + 500 });
  });

  it("by chance begins again at any time until then", () => {
    world.chance = 0.25;
    live();
    world.socket.ends(1006);
    expect(state()).toMatchObject({ at: world.now() + 125 });
  });

  it("of a connection that is not ours any more changes nothing", () => {
    const stream = live();
    const first = world.socket;
    stream.retry();
    first.says(events("old", 9));
    first.ends(1006);
    expect(seen.rows).toEqual([]);
    expect(world.sockets).toHaveLength(2);
  });
});

describe("an end", () => {
  it.each([
    [1001, "shutdown"],
    [1013, "log_unavailable"],
    [1006, undefined],
  ])("with %i is tried again", (code, reason) => {
    live();
    world.socket.ends(code, reason);
    expect(state()).toMatchObject({ kind: "reconnecting", why: reason ?? "cut" });
    world.pass(500);
    expect(world.sockets).toHaveLength(2);
  });

  it.each([
    [1002, "protocol_error"],
    [1007, "not_text"],
    [1008, "too_many_frames"],
    [1009, "frame_too_large"],
    [4404, "topic_deleted"],
  ])("with %i is one, whether or not there was a word of it", (code, reason) => {
    for (const said of [reason, undefined]) {
      live();
      world.socket.ends(code, said);
      expect(state()).toEqual({ kind: "ended", why: reason });
      world.pass(60_000);
    }
    expect(world.sockets).toHaveLength(2);
  });

  it("with the session's is one, when the session is over", async () => {
    live();
    world.refusal = { status: 401, code: "invalid_access_token", detail: "It is over." };
    world.socket.ends(4401, "key_invalid");
    await settled();
    expect(state()).toEqual({ kind: "ended", why: "invalid_access_token", problem: world.refusal });
  });

  it("with the session's is none, when the session could be renewed", async () => {
    live();
    world.socket.ends(4401, "key_invalid");
    await settled();
    expect(state()).toMatchObject({ kind: "reconnecting", why: "key_invalid" });
    world.pass(500);
    expect(world.socket.query["cursor"]).toBe("bye");
  });

  it("can be tried again by hand", () => {
    const stream = live();
    world.socket.ends(1008, "too_many_frames");
    stream.retry();
    world.socket.says({ type: "hello", cursor: "c" });
    expect(state()).toEqual({ kind: "live" });
  });
});

describe("a stream that does not begin", () => {
  it("is asked about over plain HTTP, and ends where time does not mend it", async () => {
    open({ q: "x" });
    world.refusal = { status: 403, code: "missing_scope", detail: "No." };
    world.socket.ends(1006);
    await settled();
    expect(world.diagnosed).toEqual([{ batch: "1", topic: "aibbar.events", q: "x" }]);
    expect(state()).toEqual({ kind: "ended", why: "missing_scope", problem: world.refusal });
  });

  it.each([
    [429, "too_many_streams"],
    [503, "overloaded"],
    [0, "unreachable"],
  ])("for %i is tried again", async (status, code) => {
    open();
    world.refusal = { status, code, detail: "" };
    world.socket.ends(1006);
    await settled();
    expect(state()).toMatchObject({ kind: "reconnecting", why: code });
    world.pass(500);
    expect(world.sockets).toHaveLength(2);
  });

  it("waits as long as it is told to", async () => {
    open();
    world.refusal = { status: 503, code: "overloaded", detail: "", retryAfterS: 7 };
    world.socket.ends(1006);
    await settled();
    expect(state()).toMatchObject({ at: world.now() + 7_000 });
  });

  it("for its cursor begins without one, and says that there is a hole", async () => {
    live();
    world.socket.says(events("c1", 1));
    world.socket.ends(1006);
    world.pass(500);
    world.refusal = { status: 400, code: "invalid_cursor", detail: "" };
    world.socket.ends(1006);
    await settled();
    expect(seen.expired).toBe(1);
    world.pass(2_000);
    expect(world.socket.query["cursor"]).toBeUndefined();
  });
});

describe("pausing", () => {
  it("is said, and gone on from where it was", () => {
    const stream = live();
    stream.pause();
    expect(world.socket.sent).toEqual([{ type: "pause" }]);
    expect(state()).toEqual({ kind: "paused" });
    world.socket.says({ type: "paused", cursor: "p" });
    stream.resume();
    expect(world.socket.sent.at(-1)).toEqual({ type: "resume" });
    expect(state()).toEqual({ kind: "live" });
  });

  it("outlives the connection, and needs none", () => {
    const stream = live();
    stream.pause();
    world.socket.says({ type: "paused", cursor: "p" });
    world.socket.ends(1001, "shutdown");
    world.pass(120_000);
    expect(world.sockets).toHaveLength(1);
    expect(state()).toEqual({ kind: "paused" });
    stream.resume();
    expect(world.socket.query["cursor"]).toBe("bye");
  });

  it("shows what still came before it was done", () => {
    const stream = live();
    stream.pause();
    world.socket.says(events("c", 1));
    expect(seen.rows).toEqual([idOf(1)]);
  });
});

describe("a filter", () => {
  it("is changed on the same connection, and what still comes by the earlier one is left out", () => {
    const stream = live({ q: "a" });
    stream.want({ q: "b" });
    expect(world.socket.sent).toEqual([{ type: "filter", q: "b" }]);
    world.socket.says(events("c1", 1));
    world.socket.says({ type: "filtered", cursor: "c2" });
    world.socket.says(events("c3", 2));
    expect(seen.rows).toEqual([idOf(2)]);
    expect(seen.began).toBe(2);
    expect(world.sockets).toHaveLength(1);
  });

  it("that is changed twice counts once both are done", () => {
    const stream = live();
    stream.want({ q: "a" });
    stream.want({ q: "ab" });
    world.socket.says({ type: "filtered", cursor: "c1" });
    world.socket.says(events("c2", 1));
    expect(seen.rows).toEqual([]);
    world.socket.says({ type: "filtered", cursor: "c3" });
    world.socket.says(events("c4", 2));
    expect(seen.rows).toEqual([idOf(2)]);
  });

  it("is kept over a cut, also one that came before its answer", () => {
    const stream = live();
    stream.want({ q: "b" });
    world.socket.ends(1006);
    world.pass(500);
    expect(world.socket.query).toMatchObject({ q: "b", cursor: "hello" });
    world.socket.says({ type: "hello", cursor: "c" });
    world.socket.says(events("c1", 3));
    expect(seen.rows).toEqual([idOf(3)]);
  });

  it("that is refused ends the stream, and another one begins it again", () => {
    const stream = live();
    stream.want({ q: "b" });
    world.socket.says({ type: "error", code: "invalid_filter", detail: "It is wrong." });
    expect(state()).toMatchObject({ kind: "ended", why: "refused", problem: { detail: "It is wrong." } });
    stream.want({ q: "c" });
    expect(world.socket.query).toMatchObject({ q: "c", cursor: "hello" });
  });

  it("changed while it connects is said with the greeting", () => {
    const stream = open({ q: "a" });
    stream.want({ q: "b" });
    world.socket.says({ type: "hello", cursor: "hello" });
    expect(world.socket.sent).toEqual([{ type: "filter", q: "b" }]);
    world.socket.says(events("c1", 1));
    expect(seen.began).toBe(0);
    world.socket.says({ type: "filtered", cursor: "c2" });
    world.socket.says(events("c3", 2));
    expect(seen).toMatchObject({ began: 1, rows: [idOf(2)] });
    expect(world.sockets).toHaveLength(1);
  });
});

describe("what was missed", () => {
  it("is counted, and gone back for from where the first of it begins", () => {
    const stream = live();
    world.socket.says({ type: "gap", missed: 40, resume: "r1" });
    world.socket.says({ type: "gap", missed: 2, resume: "r2" });
    expect(seen.missed).toEqual([40, 2]);
    stream.recover();
    expect(world.socket.sent).toEqual([{ type: "resume", cursor: "r1" }]);
    expect(seen.recovering).toBe(0);
    world.socket.says({ type: "resumed", cursor: "r1" });
    expect(seen.recovering).toBe(1);
    stream.recover();
    expect(world.socket.sent).toHaveLength(1);
  });

  it("is gone back for by the next connection, where there is none", () => {
    const stream = live();
    world.socket.says({ type: "gap", missed: 40, resume: "r1" });
    world.socket.ends(1006);
    stream.recover();
    expect(world.socket.query["cursor"]).toBe("r1");
    expect(seen.recovering).toBe(1);
  });

  it("and is not kept any more leaves a hole that is told", () => {
    const stream = live();
    world.socket.says({ type: "gap", missed: 40, resume: "r1" });
    stream.recover();
    world.socket.says({ type: "error", code: "invalid_cursor", detail: "" });
    expect(seen.expired).toBe(1);
    expect(state()).toEqual({ kind: "live" });
  });

  it("can't be read now is asked for again with a new connection", () => {
    const stream = live();
    world.socket.says({ type: "gap", missed: 40, resume: "r1" });
    stream.recover();
    world.socket.says({ type: "error", code: "log_unavailable", detail: "" });
    expect(state()).toMatchObject({ kind: "reconnecting", why: "log_unavailable" });
    world.pass(500);
    expect(world.socket.query["cursor"]).toBe("r1");
  });
});

it("skipping to now begins without a cursor", () => {
  const stream = live();
  world.socket.says(events("c1", 1));
  stream.skipToNow();
  expect(world.socket.query["cursor"]).toBeUndefined();
});

describe("a connection on which nothing is heard", () => {
  it("is asked, and kept when it answers", () => {
    live({ q: "a" });
    world.pass(60_000);
    expect(world.socket.sent).toEqual([{ type: "filter", q: "a" }]);
    world.socket.says({ type: "filtered", cursor: "c" });
    world.pass(59_000);
    expect(world.sockets).toHaveLength(1);
    expect(world.socket.sent).toHaveLength(1);
    expect(seen.began).toBe(1);
  });

  it("is left when it does not", () => {
    live();
    world.pass(70_000);
    expect(state()).toMatchObject({ kind: "reconnecting", why: "quiet" });
    world.pass(500);
    expect(world.sockets).toHaveLength(2);
  });

  it("is not asked while something comes", () => {
    live();
    for (let minute = 0; minute < 5; minute += 1) {
      world.pass(50_000);
      world.socket.says(events(`c${minute}`, minute));
    }
    expect(world.socket.sent).toEqual([]);
  });

  it("shows rows that come before it answers", () => {
    live();
    world.pass(60_000);
    world.socket.says(events("c", 1));
    expect(seen.rows).toEqual([idOf(1)]);
  });
});

it("a frame that can't be read ends it, rather than leave something out", () => {
  live();
  world.socket.says('{"type":"events","cursor":"c","items":[{}]}');
  expect(state()).toEqual({ kind: "ended", why: "unreadable" });
});

it("stopped, it says and does nothing more", () => {
  const stream = live();
  const told = seen.states.length;
  stream.stop();
  world.pass(120_000);
  expect(world.socket.isClosed).toBe(true);
  expect(world.sockets).toHaveLength(1);
  expect(seen.states).toHaveLength(told);
});
