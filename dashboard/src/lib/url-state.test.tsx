import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { act, render, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import {
  flag,
  list,
  oneOf,
  optional,
  parseSearch,
  range,
  readState,
  type StateOf,
  stringifySearch,
  text,
  useUrlState,
  whole,
  writeState,
} from "./url-state";

const schema = {
  q: text(""),
  sort: text("newest"),
  type: list(),
  event: optional(),
  order: oneOf(["up", "down"], "down"),
  live: flag(),
  page: whole(1, 1, 50),
  range: range("1h"),
};
type State = StateOf<typeof schema>;

const defaults: State = {
  q: "",
  sort: "newest",
  type: [],
  event: undefined,
  order: "down",
  live: false,
  page: 1,
  range: { preset: "1h" },
};

const read = (address: string) => readState(schema, parseSearch(address));
const write = (change: Partial<State>, address = "") => {
  return stringifySearch(writeState(schema, parseSearch(address), change));
};

describe("the search part of an address", () => {
  test.each([
    ["", {}],
    ["?", {}],
    ["?q=a", { q: "a" }],
    ["q=a", { q: "a" }],
    ["?q=a&q=b&q=", { q: ["a", "b", ""] }],
    ["?q", { q: "" }],
    ["?q=1&live=true&n=null", { q: "1", live: "true", n: "null" }],
    ["?q=%7B%22a%22%3A1%7D", { q: '{"a":1}' }],
    ["?q=a+b%20c", { q: "a b c" }],
    ["?q=%E0%A4%A", { q: "\ufffd%A" }],
    ["?__proto__=x&constructor=y", { constructor: "y" }],
  ])("%j is read as %j", (address, search) => {
    expect(parseSearch(address)).toEqual(search);
  });

  test.each([
    { q: "a" },
    { q: ["a", "b"] },
    { q: "1", live: "true" },
    { q: "a b&c=d#e?f%" },
    { q: "é 日本 😀 \u202e <b>" },
    { "k&=": "v" },
  ])("%j is the same after being written", (search) => {
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  test("what has no text is left out", () => {
    expect(stringifySearch({ a: undefined, b: null, c: { d: 1 }, e: [], f: [undefined, "x"], g: 7 })).toBe(
      "?f=x&g=7",
    );
    expect(stringifySearch({})).toBe("");
  });
});

describe("the state in an address", () => {
  test("without one is the default", () => {
    expect(read("")).toEqual(defaults);
  });

  test.each<[Partial<State>, string]>([
    [{ q: "a b" }, "?q=a+b"],
    [{ sort: "" }, "?sort="],
    [{ type: ["ai.query", "ai.error"] }, "?type=ai.query&type=ai.error"],
    [{ event: "01J" }, "?event=01J"],
    [{ order: "up" }, "?order=up"],
    [{ live: true }, "?live=1"],
    [{ page: 7 }, "?page=7"],
    [{ range: { preset: "7d" } }, "?range=7d"],
    [
      { range: { from: "2026-11-20T00:00:00.000Z", to: "2026-11-21T00:00:00.000Z" } },
      "?range=2026-11-20T00%3A00%3A00.000Z..2026-11-21T00%3A00%3A00.000Z",
    ],
    [
      { q: "<script>\u202e😀", event: "a/b?c#d&e=f" },
      "?q=%3Cscript%3E%E2%80%AE%F0%9F%98%80&event=a%2Fb%3Fc%23d%26e%3Df",
    ],
  ])("%j is %s and back", (change, address) => {
    expect(write(change)).toBe(address);
    expect(read(address)).toEqual({ ...defaults, ...change });
  });

  test("the default is not written, and takes away what was", () => {
    expect(write(defaults)).toBe("");
    expect(write(defaults, "?q=x&type=a&event=e&order=up&live=1&page=2&range=7d&sort=z")).toBe("");
  });

  test.each([
    "?order=sideways",
    "?live=yes",
    "?live=true",
    "?page=0",
    "?page=51",
    "?page=1.5",
    "?page=1e1",
    "?page=99999999999999999999",
    "?page=x",
    "?page=",
    "?range=soon",
    "?range=2026-11-21T00:00:00Z..2026-11-20T00:00:00Z",
    "?event=",
    "?type=",
    `?q=${"x".repeat(5000)}`,
    `?event=${"x".repeat(5000)}`,
  ])("what is malformed is the default: %.60s", (address) => {
    expect(read(address)).toEqual(defaults);
  });

  test("of a parameter that comes twice the first counts", () => {
    expect(read("?q=a&q=b&page=2&page=3")).toEqual({ ...defaults, q: "a", page: 2 });
  });

  test("a list has each once, and not too many", () => {
    expect(read("?type=a&type=b&type=a").type).toEqual(["a", "b"]);
    expect(write({ type: ["a", "", "a", "b"] })).toBe("?type=a&type=b");
    const many = Array.from({ length: 500 }, (_, index) => `type=t${index}`).join("&");
    expect(read(`?${many}`).type).toHaveLength(100);
  });

  test("what others keep in the address stays", () => {
    expect(write({ q: "b" }, "?other=1&q=a&dialog=new&dialog=x")).toBe("?other=1&q=b&dialog=new&dialog=x");
    expect(write({ q: "" }, "?other=1&q=a")).toBe("?other=1");
    expect(write({}, "?q=a&order=sideways")).toBe("?q=a&order=sideways");
  });

  test("another parser's numbers and booleans are texts all the same", () => {
    expect(
      readState(schema, { q: 123, type: ["a", 1, null, ["b"], { c: 1 }], event: true, page: 4 }),
    ).toEqual({
      ...defaults,
      q: "123",
      type: ["a", "1"],
      event: "true",
      page: 4,
    });
    expect(readState(schema, { q: { a: 1 }, event: null, type: "one" })).toEqual({
      ...defaults,
      type: ["one"],
    });
  });

  test("what every object has is no parameter", () => {
    expect(readState({ constructor: text("none"), toString: text("none") }, {})).toEqual({
      constructor: "none",
      toString: "none",
    });
  });

  test("what did not change is the same value", () => {
    const before = read("?type=a&type=b&range=7d&event=1");
    const after = readState(schema, parseSearch("?type=a&type=b&range=7d&event=2"), before);
    expect(after.type).toBe(before.type);
    expect(after.range).toBe(before.range);
    expect(after.event).toBe("2");
    expect(readState(schema, parseSearch("?range=7d&event=1&type=a&type=b&other=x"), before)).toBe(before);
  });
});

describe("in a page", () => {
  async function open(address: string) {
    const seen: { state?: State; setState?: ReturnType<typeof useUrlState<typeof schema>>[1] } = {};
    function Shown() {
      const [state, setState] = useUrlState(schema);
      Object.assign(seen, { state, setState });
      return <p>q: {state.q}</p>;
    }
    const rootRoute = createRootRoute();
    const route = createRoute({ getParentRoute: () => rootRoute, path: "/list/$id", component: Shown });
    const history = createMemoryHistory({ initialEntries: ["/list/7"] });
    history.push(address);
    const router = createRouter({
      routeTree: rootRoute.addChildren([route]),
      history,
      parseSearch,
      stringifySearch,
    });
    render(<RouterProvider router={router as never} />);
    await screen.findByText(/^q:/);
    const set = (...args: Parameters<NonNullable<typeof seen.setState>>) =>
      act(async () => {
        seen.setState?.(...args);
      });
    return { seen, set, history };
  }

  test("the address is read and written, on the same path", async () => {
    const { seen, set, history } = await open("/list/7?q=a&other=1");
    expect(seen.state?.q).toBe("a");
    await set({ q: "b", type: ["x", "y"] });
    expect(history.location.href).toBe("/list/7?q=b&other=1&type=x&type=y");
    expect(await screen.findByText("q: b")).toBeVisible();
    expect(seen.state?.type).toEqual(["x", "y"]);
  });

  test("a change can be one step back, or take the place of the step before", async () => {
    const { set, history } = await open("/list/7");
    const before = history.length;
    await set({ q: "a" });
    expect(history.length).toBe(before + 1);
    await set({ q: "ab" }, { replace: true });
    expect(history.length).toBe(before + 1);
    expect(history.location.search).toBe("?q=ab");
  });

  test("two changes at once are both made, also as functions of what is", async () => {
    const { seen, set, history } = await open("/list/7?page=2");
    await set({ q: "a" });
    await act(async () => {
      seen.setState?.({ event: "e" });
      seen.setState?.((state) => ({ page: state.page + 1 }));
    });
    expect(parseSearch(history.location.search)).toEqual({ q: "a", event: "e", page: "3" });
  });

  test("a number in the address stays a text", async () => {
    const { seen } = await open("/list/7?q=123&event=true");
    expect(seen.state).toMatchObject({ q: "123", event: "true" });
  });
});
