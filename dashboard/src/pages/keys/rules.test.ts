import { expect, test } from "vitest";
import { SCOPES, type ScopeName } from "@/lib/scopes";
import { toField } from "@/lib/wall-clock";
import {
  type ApiKey,
  addressesOf,
  bodyOf,
  changesOf,
  draftFaults,
  draftOf,
  endingSoon,
  endOf,
  isShown,
  type KeyDraft,
  limitOf,
  mayChange,
  mayGive,
  NEW_KEY,
  overlapLeft,
  purposeOf,
  scopesFor,
} from "./rules";

const NOW = new Date("2026-11-22T12:00:00Z");
const OWNER = (scope: ScopeName) => scope !== "events:write";
const ADMIN = (scope: ScopeName) => OWNER(scope) && scope !== "organisation:manage";

function key(of: Partial<ApiKey> = {}): ApiKey {
  return {
    id: "0193b1e0-0000-7000-8000-000000000001",
    name: "agent-1",
    prefix: "sk_01234567",
    scopes: ["events:write"],
    status: "active",
    effective_limits: { requests_per_minute: 1000, events_per_day: 100_000 },
    allowed_ips: [],
    made_by: "ada@example.com",
    created_at: "2026-01-01T00:00:00Z",
    ...of,
  };
}

const draft = (of: Partial<KeyDraft> = {}): KeyDraft => ({ ...NEW_KEY, name: "agent-1", ...of });

test("people give what they have, and recording, which only keys do", () => {
  expect(mayGive("events:write", OWNER)).toBe(true);
  expect(mayGive("organisation:manage", OWNER)).toBe(true);
  expect(mayGive("organisation:manage", ADMIN)).toBe(false);
});

test("a key that may more than who looks at it is not theirs to change; a revoked one is nobody's", () => {
  expect(mayChange(key({ scopes: ["keys:manage"] }), ADMIN)).toBe(true);
  expect(mayChange(key({ scopes: ["keys:manage", "organisation:manage"] }), ADMIN)).toBe(false);
  expect(mayChange(key({ status: "revoked" }), OWNER)).toBe(false);
  expect(mayChange(key({ status: "expired" }), OWNER)).toBe(true);
});

test("a purpose is known again by its scopes, in any order", () => {
  for (const purpose of ["record", "read", "all"] as const) {
    const scopes = scopesFor(purpose, ADMIN) ?? [];
    expect(purposeOf([...scopes].reverse(), ADMIN)).toBe(purpose);
  }
  expect(purposeOf(["events:read"], ADMIN)).toBe("own");
  expect(purposeOf([], ADMIN)).toBe("own");
  expect(scopesFor("all", OWNER)).toEqual(SCOPES);
  expect(scopesFor("own", OWNER)).toBeUndefined();
});

test.each<[KeyDraft["ends"], string | null | undefined]>([
  ["30", "2026-12-22T12:00:00.000Z"],
  ["90", "2027-02-20T12:00:00.000Z"],
  ["365", "2027-11-22T12:00:00.000Z"],
  ["never", null],
  ["keep", undefined],
])("ends: %s", (ends, expected) => {
  const end = endOf({ ends, endsOn: "" }, NOW);
  expect(end instanceof Date ? end.toISOString() : end).toBe(expected);
});

test("an own end is what the field shows, in the viewer's zone", () => {
  const chosen = new Date("2027-03-01T08:30:00Z");
  expect(endOf({ ends: "own", endsOn: toField(chosen) }, NOW)).toEqual(chosen);
  expect(endOf({ ends: "own", endsOn: "" }, NOW)).toBeUndefined();
});

test("addresses are one a line, or parted by commas and spaces", () => {
  expect(addressesOf(" 10.0.0.1\n\n2001:db8::/48, 192.0.2.0/24\r\n")).toEqual([
    "10.0.0.1",
    "2001:db8::/48",
    "192.0.2.0/24",
  ]);
  expect(addressesOf("  \n")).toEqual([]);
});

test.each<[string, number | null | "wrong"]>([
  ["", null],
  ["  ", null],
  ["600", 600],
  ["100,000", 100_000],
  ["1 000 000", 1_000_000],
  ["0", "wrong"],
  ["-5", "wrong"],
  ["1.5", "wrong"],
  ["1e3", "wrong"],
  ["many", "wrong"],
  ["99999999999999999999", "wrong"],
])("the limit %j is %j", (text, expected) => {
  expect(limitOf(text)).toBe(expected);
});

test("what can be seen to be wrong is said before anything is sent", () => {
  expect(draftFaults(draft(), NOW)).toEqual({});
  const wrong = draft({
    name: "  ",
    scopes: [],
    ends: "own",
    endsOn: toField(new Date(NOW.getTime() - 60_000)),
    addresses: Array.from({ length: 65 }, (_, n) => `10.0.0.${n}`).join("\n"),
    requestsPerMinute: "some",
    eventsPerDay: "0",
  });
  expect(Object.keys(draftFaults(wrong, NOW)).sort()).toEqual([
    "allowed_ips",
    "events_per_day",
    "expires_at",
    "name",
    "requests_per_minute",
    "scopes",
  ]);
  expect(draftFaults(draft({ ends: "own", endsOn: "" }), NOW)).toHaveProperty("expires_at");
});

test("a new key says nothing of what is left to the plan", () => {
  expect(bodyOf(draft({ name: " agent-1 ", ends: "never" }), NOW)).toEqual({
    name: "agent-1",
    scopes: ["events:write"],
  });
  const body = bodyOf(
    draft({ ends: "30", addresses: "10.0.0.1", requestsPerMinute: "600", eventsPerDay: "5,000" }),
    NOW,
  );
  expect(body).toEqual({
    name: "agent-1",
    scopes: ["events:write"],
    expires_at: "2026-12-22T12:00:00.000Z",
    allowed_ips: ["10.0.0.1"],
    requests_per_minute: 600,
    events_per_day: 5000,
  });
});

test("a change names only what differs", () => {
  const before = key({
    scopes: ["events:read", "events:write"],
    allowed_ips: ["10.0.0.0/8"],
    requests_per_minute: 5,
  });
  const same = draftOf(before);
  expect(changesOf(before, same, NOW)).toEqual({});
  expect(changesOf(before, { ...same, scopes: ["events:write", "events:read"] }, NOW)).toEqual({});
  expect(changesOf(before, { ...same, name: "agent-2", ends: "never" }, NOW)).toEqual({
    name: "agent-2",
    expires_at: null,
  });
  expect(changesOf(before, { ...same, addresses: "", requestsPerMinute: "" }, NOW)).toEqual({
    allowed_ips: [],
    requests_per_minute: null,
  });
  expect(changesOf(before, { ...same, scopes: ["events:read"], eventsPerDay: "7" }, NOW)).toEqual({
    scopes: ["events:read"],
    events_per_day: 7,
  });
});

test("the list is narrowed by what is in use and by what is looked for", () => {
  const revoked = key({ status: "revoked" });
  expect(isShown(key(), "usable", "")).toBe(true);
  expect(isShown(revoked, "usable", "")).toBe(false);
  expect(isShown(revoked, "ended", "")).toBe(true);
  expect(isShown(key({ status: "expired" }), "ended", "")).toBe(true);
  expect(isShown(revoked, "all", "")).toBe(true);
  for (const search of ["AGENT", " sk_0123", "ada@", "0193b1e0"])
    expect(isShown(key(), "all", search)).toBe(true);
  expect(isShown(key(), "all", "other")).toBe(false);
});

test("keys that are good and end soon are warned of, the next to end first", () => {
  const keys = [
    key({ id: "later", expires_at: "2027-06-01T00:00:00Z" }),
    key({ id: "second", expires_at: "2026-11-30T12:00:00Z" }),
    key({ id: "first", expires_at: "2026-11-25T12:00:00Z" }),
    key({ id: "gone", expires_at: "2026-11-25T12:00:00Z", status: "revoked" }),
    key({ id: "never" }),
  ];
  expect(endingSoon(keys, NOW).map(({ key: { id }, left }) => [id, left])).toEqual([
    ["first", "3 days"],
    ["second", "8 days"],
  ]);
});

test("an overlap is told as long as the old secret is good", () => {
  expect(overlapLeft(key({ previous_valid_until: "2026-11-22T15:00:00Z" }), NOW)).toBe("3 hours");
  expect(overlapLeft(key({ previous_valid_until: "2026-11-22T11:00:00Z" }), NOW)).toBeUndefined();
  expect(overlapLeft(key(), NOW)).toBeUndefined();
});
