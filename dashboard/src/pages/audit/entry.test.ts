import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  actionsOf,
  actorText,
  type Entry,
  madeAtMs,
  nounOf,
  sentenceText,
  summary,
  verbOf,
  verbText,
} from "./entry";
import { NOUNS, TELLINGS, VERBS } from "./sentences";

const ADA = { kind: "user", id: "0193b1e0-0000-7000-8000-00000000000a", name: "ada@example.com" };

function entry(
  action: string,
  of: Omit<Partial<Entry>, "detail"> & { detail?: Record<string, unknown> } = {},
): Entry {
  return {
    id: "0193b1e0-0000-7000-8000-000000000001",
    at: "2026-11-22T12:00:00Z",
    actor: ADA,
    action,
    target: { kind: "api_key", id: "k-1" },
    result: "success",
    detail: {},
    ...of,
  } as Entry;
}

const told = (...of: Parameters<typeof entry>) => sentenceText(entry(...of), new Map([["k-1", "agent-1"]]));

/** The actions that the gateway, the command line and the store write down, as their sources say. */
function actionsInSources(): string[] {
  const root = join(import.meta.dirname, "../../../..");
  const found = new Set<string>();
  for (const crate of ["gateway", "cli", "store"]) {
    const folder = join(root, crate, "src");
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".rs") || file.includes("tests")) continue;
      const source = readFileSync(join(folder, file), "utf8").split("#[cfg(test)]")[0] ?? "";
      const written =
        /(?:entry|AuditEntry::new|by_operator|by_gapin|told_of|set|ACTION: &str =)\(?[^;{}]*?"([a-z_]+\.[a-z_]+)"/g;
      for (const [, action = ""] of source.matchAll(written)) found.add(action);
    }
  }
  return [...found].sort();
}

describe("every action has its sentence", () => {
  const inSources = actionsInSources();

  test("those of the sources are found", () => {
    expect(inSources.length).toBeGreaterThan(45);
    expect(inSources).toContain("api_key.rotate");
    expect(inSources).toContain("events.drop");
  });

  test.each(inSources)("%s", (action) => {
    expect(TELLINGS).toHaveProperty([action]);
  });

  test.each(Object.keys(TELLINGS))("%s is of a kind and has a word of its own", (action) => {
    expect(NOUNS).toHaveProperty([nounOf(action)]);
    expect(VERBS).toHaveProperty([verbOf(action)]);
    expect(actionsOf(nounOf(action))).toContain(action);
  });

  test.each(Object.entries(TELLINGS))("%s is a sentence without holes, whatever is missing", (action) => {
    for (const result of ["success", "failure"]) {
      const text = told(action, { result });
      expect(text).not.toMatch(/[{}]|undefined|null/);
      expect(text.length).toBeGreaterThan(8);
    }
  });
});

test("what it was done to has its name, where that is known", () => {
  expect(told("api_key.rotate")).toBe("ada@example.com rotated the API key agent-1");
  expect(told("api_key.revoke", { target: { kind: "api_key", id: "k-2" } })).toBe(
    "ada@example.com revoked the API key k-2",
  );
  expect(told("api_key.create", { detail: { name: "agent-2" } })).toBe(
    "ada@example.com created the API key agent-2",
  );
});

test("words of the detail stand in the sentence", () => {
  const role = { detail: { email: "bob@example.com", from: "viewer", to: "admin" } };
  expect(told("member.role_change", role)).toBe(
    "ada@example.com changed the role of bob@example.com from viewer to admin",
  );
  expect(told("retention.update", { detail: { events_days: 90 } })).toBe(
    "ada@example.com set events to be kept for 90 days",
  );
  expect(told("retention.update", { detail: { events_days: null } })).toBe(
    "ada@example.com left how long events are kept to the installation",
  );
  expect(told("dead_letter.redrive", { detail: { ids: ["0-1", "0-2", "0-3"] } })).toBe(
    "ada@example.com sent 3 dead letters again",
  );
});

test("what somebody does to themselves is told as such", () => {
  const self = { target: { kind: "user", id: ADA.id } };
  expect(told("user.verify_email", self)).toBe("ada@example.com confirmed their e-mail address");
  expect(
    told("user.reset_password", { ...self, actor: { kind: "operator", id: "cli", name: "gapin command" } }),
  ).toBe(`An operator gave ${ADA.id} a one-time password`);
});

test("a failure is no success", () => {
  expect(told("user.change_password", { result: "failure" })).toBe(
    "ada@example.com gave a wrong password when changing it",
  );
  expect(
    told("session.login_failed", {
      result: "failure",
      actor: { kind: "anonymous", id: "nobody", name: "eve@example.com" },
      detail: { how: "google", reason: "The address is not verified there." },
    }),
  ).toBe("eve@example.com failed to sign in: The address is not verified there.");
});

test("an action that is not known here is told by its name", () => {
  expect(told("quota.set_aside", { target: { kind: "quota", id: "q" } })).toBe(
    "ada@example.com did quota set aside to q",
  );
  expect(told("toString.call")).toBe("ada@example.com did tostring call to agent-1");
  expect(told("odd")).toBe("ada@example.com did odd to agent-1");
  expect(verbText("set_aside")).toBe("Set aside");
});

test.each<[string, string, string]>([
  ["user", "ada@example.com", "ada@example.com"],
  ["user", "", "id"],
  ["api_key", "agent-1", "the key agent-1"],
  ["operator", "gapin command", "An operator"],
  ["system", "gapin", "GAPIN"],
  ["anonymous", "eve@example.com", "eve@example.com"],
  ["anonymous", "", "Somebody unknown"],
  ["robot", "R2", "R2"],
])("a %s called %j is %j", (kind, name, expected) => {
  expect(actorText({ kind, name, id: "id" })).toBe(expected);
});

test("a sentence that begins with one of our words begins with a capital letter", () => {
  expect(told("api_key.create", { actor: { kind: "api_key", id: "k-1", name: "ci" } })).toMatch(
    /^The key ci created/,
  );
});

test("what is put into names is not read as a place for a word", () => {
  expect(told("api_key.create", { detail: { name: "{actor} {target}" } })).toBe(
    "ada@example.com created the API key {actor} {target}",
  );
});

test("an id tells when it was made", () => {
  expect(madeAtMs("0193b1e0-0000-7000-8000-000000000001")).toBe(0x0193b1e00000);
  expect(madeAtMs("0f8fad5b-d9cb-469f-a165-70867728950e")).toBeUndefined();
  expect(madeAtMs("x")).toBeUndefined();
});

test("a change says in few words what it changed", () => {
  const change = (detail: Record<string, unknown>) => summary(entry("api_key.update", { detail }));
  expect(change({ requests_per_minute: 600 })).toBe("Requests a minute: 600");
  expect(change({ name: "a", allowed_ips: [], expires_at: null, events_per_day: 5 })).toBe(
    "Name: a, Allowed addresses: none, and 2 more",
  );
  expect(change({})).toBeUndefined();
  expect(summary(entry("api_key.create", { detail: { name: "a" } }))).toBeUndefined();
});
