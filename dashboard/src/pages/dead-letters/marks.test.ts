import { expect, it } from "vitest";
import { marksOf } from "./marks";

it("points into the record, where the event is", () => {
  const redactions = [
    { pointer: "/query/prompt", kind: "email" },
    { pointer: "/metadata/user_id", kind: "custom", rule: "user" },
  ];
  expect(marksOf({ event: {}, record: { redactions } })).toEqual([
    { pointer: "/event/query/prompt", label: "hidden: email" },
    { pointer: "/event/metadata/user_id", label: "hidden: user" },
  ]);
});

it("finds none in a record of another form", () => {
  for (const record of [
    {},
    { record: null },
    { record: { redactions: "all" } },
    { record: { redactions: [null, { kind: 1 }] } },
  ]) {
    expect(marksOf(record)).toEqual([]);
  }
});
