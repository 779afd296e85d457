import { describe, expect, it } from "vitest";
import { isEventId, isUuid, uuidIn } from "./ids";

const ID = "0198a3c0-7d2f-7c1b-9f7e-2b8f3f1d5a10";
const OTHER = "018f3a5e-7d1c-7b1a-9c8e-2f6f4c1d0a3b";

describe("a UUID in what was pasted", () => {
  it("is found however it stands there", () => {
    for (const text of [
      ID,
      ` ${ID}\n`,
      `"${ID}"`,
      `{${ID}}`,
      `urn:uuid:${ID}`,
      ID.toUpperCase(),
      ID.replaceAll("-", ""),
      `https://gapin.example/event/${ID}?x=1`,
      `{"event_id": "${ID}", "status": "kept"}`,
      `event_id=${ID} and again ${ID.toUpperCase()}`,
    ]) {
      expect(uuidIn(text), text).toBe(ID);
    }
  });

  it("is none where there is none, or more than one", () => {
    for (const text of [
      "",
      "checkout",
      `${ID} ${OTHER}`,
      `a${ID}`,
      `${ID}0`,
      `${ID}-1`,
      ID.slice(1),
      "0".repeat(31),
    ]) {
      expect(uuidIn(text), text).toBeUndefined();
    }
  });
});

it("an event's id is of version 7 and the usual variant", () => {
  expect(isEventId(ID)).toBe(true);
  expect(isEventId("0198a3c0-7d2f-4c1b-9f7e-2b8f3f1d5a10")).toBe(false);
  expect(isEventId("0198a3c0-7d2f-7c1b-cf7e-2b8f3f1d5a10")).toBe(false);
  expect(isEventId("not one")).toBe(false);
});

it("a UUID is one as a whole", () => {
  expect(isUuid(ID)).toBe(true);
  expect(isUuid(` ${ID}`)).toBe(false);
});
