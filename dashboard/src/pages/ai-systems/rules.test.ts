import { expect, test } from "vitest";
import {
  type AiSystem,
  bodyOf,
  changesOf,
  draftFaults,
  draftOf,
  isFound,
  newDraft,
  unregistered,
} from "./rules";

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";

function system(of: Partial<AiSystem> = {}): AiSystem {
  return {
    ai_id: ID,
    name: "Booking agent",
    owner: "travel@example.com",
    environment: "production",
    description: null,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    ...of,
  };
}

test("only what is known is sent, without the space around it", () => {
  expect(bodyOf({ ...newDraft(), name: " Agent " })).toEqual({ name: "Agent" });
  expect(bodyOf({ ...newDraft(` ${ID} `), name: "Agent", owner: " travel ", environment: "  " })).toEqual({
    name: "Agent",
    ai_id: ID,
    owner: "travel",
  });
});

test("a change names only what differs; what was emptied is null", () => {
  expect(changesOf(system(), draftOf(system()))).toEqual({});
  expect(changesOf(system(), { ...draftOf(system()), owner: " ", description: "Books rooms." })).toEqual({
    owner: null,
    description: "Books rooms.",
  });
  expect(changesOf(system({ owner: null }), { ...draftOf(system()), owner: "" })).toEqual({});
  expect(changesOf(system(), { ...draftOf(system()), name: "Agent ", aiId: "other" })).toEqual({
    name: "Agent",
  });
});

test("a name is needed, an id is a UUID if there is one", () => {
  expect(Object.keys(draftFaults({ ...newDraft("agent"), name: " " }))).toEqual(["name", "ai_id"]);
  expect(draftFaults({ ...newDraft(), name: "Agent" })).toEqual({});
  expect(draftFaults({ ...newDraft(ID), name: "Agent" })).toEqual({});
});

test("a system is found by any of what is known of it, whatever the case", () => {
  for (const search of ["", " BOOKING ", "travel@", "prod", "0f8fad"])
    expect(isFound(system(), search)).toBe(true);
  expect(isFound(system({ owner: null }), "travel")).toBe(false);
});

test("who records and is not registered is told once the whole register is known", () => {
  const recorded = [ID, "6fa459ea-ee8a-3ca4-894e-db77e160355e"].map((ai_id) => ({
    ai_id,
    events: 5,
    bytes: 10,
  }));
  expect(unregistered(recorded, [system()], true).map(({ ai_id }) => ai_id)).toEqual([recorded[1]?.ai_id]);
  expect(unregistered(recorded, [], false)).toEqual([]);
});
