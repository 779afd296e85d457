import { expect, it } from "vitest";
import { labelOf, whereOf } from "./finding-label";
import { words } from "./words";

it("a finding is named by its kind, or by the own rule that found it", () => {
  expect(labelOf({ kind: "email" })).toBe(words.kinds.email.label);
  expect(labelOf({ kind: "custom", rule: "employee" })).toBe("Own rule employee");
  expect(labelOf({ kind: "something_new" })).toBe("something_new");
});

it("its place is told in words where it has no pointer", () => {
  expect(whereOf({ pointer: "", in_key: false })).toBe("in the text");
  expect(whereOf({ pointer: "/a/0", in_key: false })).toBe("/a/0");
  expect(whereOf({ pointer: "/ann@example.com", in_key: true })).toBe("key /ann@example.com");
});
