import { expect, test } from "vitest";
import { csv } from "@/lib/download";
import { changesOf } from "./changes";
import { type Entry, fieldText, valueText } from "./entry";
import { actorKey, isNarrowed, pageOf, parametersOf } from "./filter";
import { csvRows, rowsOf } from "./rows";
import { namesTold } from "./use-names";

const NOW = new Date("2026-11-22T12:00:00Z");

function entry(
  id: string,
  of: Omit<Partial<Entry>, "detail"> & { detail?: Record<string, unknown> } = {},
): Entry {
  return {
    id,
    at: "2026-11-22T11:00:00Z",
    actor: { kind: "user", id: "u", name: "ada@example.com" },
    action: "api_key.update",
    target: { kind: "api_key", id: "k" },
    result: "success",
    detail: {},
    ...of,
  } as Entry;
}

const NONE = { actor: "", action: "", target: "", range: { preset: "all" } };

test("a filter that says nothing asks for all", () => {
  expect(parametersOf(NONE, NOW)).toEqual({});
  expect(isNarrowed(NONE)).toBe(false);
});

test("a range up to now has a beginning and no end, one between two moments has both", () => {
  expect(parametersOf({ ...NONE, range: { preset: "24h" } }, NOW)).toEqual({
    from: "2026-11-21T12:00:00.000Z",
  });
  const between = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-02T00:00:00.000Z" };
  expect(parametersOf({ ...NONE, range: between }, NOW)).toEqual(between);
});

test("words are sent without the space around them", () => {
  expect(
    parametersOf({ ...NONE, actor: " ada@example.com ", action: "api_key", target: " k " }, NOW),
  ).toEqual({
    actor: "ada@example.com",
    action: "api_key",
    target: "k",
  });
  expect(isNarrowed({ ...NONE, range: { preset: "7d" } })).toBe(true);
});

test("who had not signed in is found by what they called themselves", () => {
  expect(actorKey({ kind: "anonymous", id: "nobody", name: "eve@example.com" })).toBe("eve@example.com");
  expect(actorKey({ kind: "user", id: "u", name: "ada@example.com" })).toBe("u");
});

test("a target leads to its page, where it has one", () => {
  expect(pageOf({ kind: "api_key", id: "k" })).toEqual({ to: "/keys", search: { key: "k" } });
  expect(pageOf({ kind: "consumer_group", id: "orders/billing" })).toEqual({
    to: "/topics/$name",
    params: { name: "orders" },
  });
  expect(pageOf({ kind: "session", id: "s" })).toBeUndefined();
});

test("entries stand below their days, in the viewer's zone", () => {
  const rows = rowsOf(
    [
      entry("d", { at: "2026-11-22T00:30:00Z" }),
      entry("c", { at: "2026-11-21T23:30:00Z" }),
      entry("b", { at: "2026-11-21T22:30:00Z" }),
      entry("a", { at: "2026-11-02T10:00:00Z" }),
    ],
    NOW,
    "Europe/Berlin",
  );
  expect(rows.map((row) => (row.kind === "day" ? row.label : row.entry.id))).toEqual([
    "Today",
    "d",
    "c",
    "Yesterday",
    "b",
    "2 Nov 2026",
    "a",
  ]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});

test("a change is told with what an earlier entry said of it", () => {
  const now = entry("3", { detail: { name: "agent-2", requests_per_minute: null } });
  const history = [
    entry("2", { detail: { requests_per_minute: 5 }, result: "failure" }),
    entry("1", { detail: { requests_per_minute: 7 } }),
    entry("0", { action: "api_key.create", detail: { name: "agent-1", requests_per_minute: 9 } }),
  ];
  expect(changesOf(now, history)).toEqual([
    { field: "name", before: "agent-1", after: "agent-2" },
    { field: "requests_per_minute", before: 7, after: null },
  ]);
  expect(changesOf(now, [])).toEqual([
    { field: "name", before: undefined, after: "agent-2" },
    { field: "requests_per_minute", before: undefined, after: null },
  ]);
});

test("a change of a role says itself what was before", () => {
  const change = entry("1", {
    action: "member.role_change",
    detail: { email: "bob@example.com", from: "viewer", to: "admin", invitations_ended: 2 },
  });
  expect(changesOf(change, [])).toEqual([
    { field: "role", before: "viewer", after: "admin" },
    { field: "invitations_ended", before: undefined, after: 2 },
  ]);
});

test("how long something was is no state that it was in before", () => {
  const rotation = entry("2", { action: "api_key.rotate", detail: { overlap_seconds: 60 } });
  const before = entry("1", { action: "api_key.rotate", detail: { overlap_seconds: 3600 } });
  expect(changesOf(rotation, [before])).toEqual([{ field: "overlap_seconds", before: undefined, after: 60 }]);
});

test.each<[unknown, string]>([
  [null, "none"],
  ["", "none"],
  [[], "none"],
  [true, "yes"],
  [false, "no"],
  [100_000, "100,000"],
  [["a", "b"], "a, b"],
  [{ a: 1 }, '{"a":1}'],
  [[1, 2], "[1,2]"],
])("the value %j is %j", (value, text) => {
  expect(valueText(value)).toBe(text);
});

test("spans are told in words", () => {
  expect(fieldText("overlap_seconds", 86_400)).toBe("1 day");
  expect(fieldText("overlap_seconds", 0)).toBe("none");
  expect(fieldText("events_per_day", 86_400)).toBe("86,400");
});

test("names are those that the trail told last", () => {
  const names = new Map(
    namesTold([
      entry("2", { detail: { name: "agent-2" } }),
      entry("1", { detail: { name: "agent-1" } }),
      entry("0", { target: { kind: "user", id: "u" }, detail: { email: "bob@example.com", name: "Bob" } }),
      entry("s", { target: { kind: "session", id: "s" }, detail: { name: "no" } }),
    ]),
  );
  expect([...names].sort()).toEqual([
    ["k", "agent-2"],
    ["u", "bob@example.com"],
  ]);
});

test("a file has a line for each entry, and none that a spreadsheet would compute", () => {
  const hostile = entry("1", { actor: { kind: "anonymous", id: "nobody", name: '=HYPERLINK("http://x")' } });
  const text = csv(csvRows([hostile]));
  const [head, line] = text.split("\r\n");
  expect(head?.startsWith("at,actor_kind,actor,")).toBe(true);
  expect(line).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(line?.split(",").length).toBe(head?.split(",").length);
});
