import { expect, test } from "vitest";
import { ROLES, type RoleName } from "@/lib/roles";
import { actionsFor, isAddress, isFound, isLastOwner, type Member, type Viewer } from "./rules";
import { words } from "./words";

function member(role: RoleName, id = "them"): Member {
  return { id, role, name: "Ada Lovelace", email: "ada@example.com", joined_at: "2026-01-01T00:00:00Z" };
}

function viewer(role: RoleName): Viewer {
  return { id: "me", role, mayManage: role === "admin" || role === "owner", mayHandOver: role === "owner" };
}

const told = (of: ReturnType<typeof actionsFor>) =>
  Object.entries(of)
    .filter(([, may]) => may)
    .map(([action]) => action)
    .join(" ");

/** Who looks (down) at whom (across: viewer, member, admin, owner). */
const all = "changeRole remove handOver";
test.each<[RoleName, string[]]>([
  ["viewer", ["", "", "", ""]],
  ["member", ["", "", "", ""]],
  ["admin", ["changeRole remove", "changeRole remove", "changeRole remove", ""]],
  ["owner", [all, all, all, all]],
])("%s may do about others", (role, expected) => {
  expect(ROLES.map((other) => told(actionsFor(member(other), viewer(role))))).toEqual(expected);
});

test.each<[RoleName, string]>([
  ["viewer", "leave"],
  ["member", "leave"],
  ["admin", "changeRole leave"],
  ["owner", "changeRole leave"],
])("%s may do about themselves", (role, expected) => {
  expect(told(actionsFor(member(role, "me"), viewer(role)))).toBe(expected);
});

test("the last owner is the one beside whom there is none", () => {
  const owner = member("owner", "a");
  expect(isLastOwner(owner, [owner, member("admin", "b")], true)).toBe(true);
  expect(isLastOwner(owner, [owner, member("owner", "b")], true)).toBe(false);
  expect(isLastOwner(member("admin", "b"), [owner], true)).toBe(false);
  expect(isLastOwner(owner, [owner], false)).toBe(false);
});

test("a member is found by name and address", () => {
  expect(isFound(member("viewer"), " LOVE ")).toBe(true);
  expect(isFound(member("viewer"), "example")).toBe(true);
  expect(isFound(member("viewer"), "bob")).toBe(false);
});

test.each([
  ["ada@example.com", true],
  [" ada@localhost ", true],
  ["ada", false],
  ["@example.com", false],
  ["a da@example.com", false],
  ["", false],
])("%j is an address: %s", (text, isOne) => {
  expect(isAddress(text)).toBe(isOne);
});

test("a command that is copied to a shell holds names as they are", () => {
  expect(words.inviting.noMail.command("ada@example.com", "o'brien; rm -rf", "viewer")).toBe(
    String.raw`gapin users create --email ada@example.com --org 'o'\''brien; rm -rf' --role viewer`,
  );
});

test("every role is told in words", () => {
  for (const role of ROLES) expect(words.role(role)).toMatch(/^[A-Z]/);
  expect(words.role("auditor")).toBe("auditor");
});
