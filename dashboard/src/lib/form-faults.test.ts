import { expect, test } from "vitest";
import { formFaults } from "./form-faults";

function refusal(...faults: [pointer: string, detail: string][]) {
  return {
    code: "invalid_body",
    faults: faults.map(([pointer, detail]) => ({ pointer, code: "x", detail })),
  };
}

test("nothing is wrong before anything was sent", () => {
  expect(formFaults(null, ["name"])).toEqual({ at: {}, rest: undefined });
  expect(formFaults(undefined, ["name"])).toEqual({ at: {}, rest: undefined });
});

test("each fault is told at its field, as a sentence", () => {
  const error = refusal(["/name", "must not be empty"], ["/scopes", "must have one"]);
  expect(formFaults(error, ["name", "scopes"])).toEqual({
    at: { name: "Must not be empty", scopes: "Must have one" },
    rest: undefined,
  });
});

test("faults in the items of a list say which line", () => {
  const error = refusal(["/allowed_ips/0", "must be an address"], ["/allowed_ips/4", "must be an address"]);
  expect(formFaults(error, ["allowed_ips"]).at).toEqual({
    allowed_ips: "Line 1: must be an address Line 5: must be an address",
  });
});

test("what belongs to no field of the form is shown beside it, and the rest still at its field", () => {
  const error = refusal(["/name", "must not be empty"], ["", "is not whole"]);
  const { at, rest } = formFaults(error, ["name"]);
  expect(at).toEqual({ name: "Must not be empty" });
  expect(rest).toBe(error);
});

test("a kind of problem that is about one field is told there, in the form's own words", () => {
  const error = { code: "already_exists", faults: [] };
  const codes = { already_exists: { field: "name", text: "The name is taken." } };
  expect(formFaults(error, ["name"], codes)).toEqual({ at: { name: "The name is taken." }, rest: undefined });
  expect(formFaults(error, ["name"]).rest).toBe(error);
});

test("what is no problem of the gateway's is not lost", () => {
  const error = new TypeError("broken");
  expect(formFaults(error, ["name"]).rest).toBe(error);
});

test("a kind of problem named as something every object has is none that the form knows", () => {
  const error = { code: "constructor", faults: [] };
  expect(formFaults(error, ["name"], {}).rest).toBe(error);
});
