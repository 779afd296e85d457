import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scopesOf } from "@/api";
import { isRole, mayManageRole, ROLES, type RoleName, rolesToGive } from "@/lib/roles";
import { isScope, SCOPES, type ScopeName } from "@/lib/scopes";

const root = join(import.meta.dirname, "../../../..");
const contract = JSON.parse(readFileSync(join(root, "contract/openapi.json"), "utf8"));
const told = readFileSync(join(root, "docs/organisations.md"), "utf8");

/** The rows of the documentation's table of scopes: `| scope | for | viewer | member | admin | owner |`. */
function documented(role: RoleName): ScopeName[] {
  const column = 3 + ROLES.indexOf(role);
  const rows = told.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return rows.flatMap((cells) => {
    const scope = cells[1]?.replaceAll("`", "") ?? "";
    return isScope(scope) && cells[column] === "✓" ? [scope] : [];
  });
}

function granted(role: RoleName): ScopeName[] {
  const scopes = scopesOf(role);
  return SCOPES.filter((scope) => scopes.includes(scope));
}

test("the roles are those of the contract", () => {
  expect([...ROLES].sort()).toEqual([...contract.components.schemas.Role.enum].sort());
  expect(isRole("owner")).toBe(true);
  expect(isRole("operator")).toBe(false);
});

test.each(ROLES)("%s may what the documentation says", (role) => {
  expect(granted(role).sort()).toEqual(documented(role).sort());
});

/** Who (down) may make and unmake whom (across: viewer, member, admin, owner). */
test.each<[RoleName, boolean[]]>([
  ["viewer", [true, false, false, false]],
  ["member", [true, true, false, false]],
  ["admin", [true, true, true, false]],
  ["owner", [true, true, true, true]],
])("%s manages itself and what is below it", (own, expected) => {
  expect(ROLES.map((other) => mayManageRole(own, other))).toEqual(expected);
});

test("whoever manages a role has every scope of it", () => {
  for (const own of ROLES) {
    for (const other of ROLES) {
      const hasAll = granted(other).every((scope) => granted(own).includes(scope));
      expect(mayManageRole(own, other), `${own} ${other}`).toBe(hasAll);
    }
  }
});

test("the roles that can be given begin with one's own", () => {
  expect(rolesToGive("admin")).toEqual(["admin", "member", "viewer"]);
});
