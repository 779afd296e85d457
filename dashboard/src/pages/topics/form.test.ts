import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api";
import {
  changesOf,
  type Draft,
  draftFaults,
  draftOf,
  emptyDraft,
  isChanged,
  nameFault,
  newTopic,
  parseSchema,
  partitionsFault,
  retentionDays,
} from "./form";

const orders: Schemas["Topic"] = {
  name: "orders",
  partitions: 3,
  retention_days: 14,
  compacted: false,
  reserved: false,
  schema: null,
};

const changed = (changes: Partial<Draft>): Draft => ({ ...draftOf(orders), ...changes });

describe("a name", () => {
  it.each(["a", "orders", "A-Z_0.9", "...", "aibbar", "x".repeat(200)])("may be %s", (name) => {
    expect(nameFault(name)).toBeUndefined();
  });

  it.each([
    "",
    ".",
    "..",
    "a b",
    "a/b",
    "ä",
    "a\0",
    "aibbar.x",
    "aibbar.events",
    "x".repeat(201),
    "日本",
    "a\u202eb",
    "😀",
  ])("may not be %j", (name) => {
    expect(nameFault(name)).toBeDefined();
  });

  it("says which character is wrong, whole and as it can be seen", () => {
    expect(nameFault("a b")).toContain('" "');
    expect(nameFault("a😀b")).toContain("😀");
    expect(nameFault("a\0b")).toContain("\\u0000");
  });
});

describe("partitions", () => {
  it.each(["1", "10", "1000", " 7 "])("may be %j", (text) => {
    expect(partitionsFault(text)).toBeUndefined();
  });

  it.each(["", "0", "-1", "1001", "1.5", "1e2", "ten", "0x10", "9999999999"])("may not be %j", (text) => {
    expect(partitionsFault(text)).toBeDefined();
  });

  it("are not taken away", () => {
    expect(partitionsFault("3", 3)).toBeUndefined();
    expect(partitionsFault("2", 3)).toContain("3");
  });
});

describe("retention", () => {
  it.each([
    ["7", "", 7],
    ["14", "", 14],
    ["30", "", 30],
    ["forever", "", null],
    ["own", "1", 1],
    ["own", "36500", 36_500],
    ["own", "36501", undefined],
    ["own", "0", undefined],
    ["own", "", undefined],
    ["own", "a week", undefined],
  ] as const)("of %s (%s) is %s", (retention, ownDays, days) => {
    expect(retentionDays({ retention, ownDays })).toBe(days);
  });

  it("of a topic is the choice that says it", () => {
    const choice = (retention_days: number | null) => draftOf({ ...orders, retention_days });
    expect(choice(30)).toMatchObject({ retention: "30" });
    expect(choice(90)).toMatchObject({ retention: "own", ownDays: "90" });
    expect(choice(null)).toMatchObject({ retention: "forever" });
  });
});

describe("a schema", () => {
  it("is an object, or none", () => {
    expect(parseSchema("")).toEqual({ schema: null });
    expect(parseSchema("  \n")).toEqual({ schema: null });
    expect(parseSchema('{"type": "object"}')).toEqual({ schema: { type: "object" } });
  });

  it.each(["{", "[]", "true", "null", '"text"', "{a: 1}"])("is not %j", (text) => {
    expect(parseSchema(text)).toHaveProperty("fault");
  });
});

describe("a new topic", () => {
  it("is as the API makes one when only its name is given", () => {
    expect(newTopic({ ...emptyDraft, name: "orders" })).toEqual({
      name: "orders",
      partitions: 10,
      retention_days: 7,
      compacted: false,
    });
  });

  it("that is kept for ever says so", () => {
    expect(newTopic({ ...emptyDraft, name: "x", retention: "forever" }).retention_days).toBeNull();
  });

  it("names what is wrong at its field", () => {
    const wrong: Draft = { ...emptyDraft, partitions: "0", retention: "own", ownDays: "", schema: "[" };
    expect(Object.keys(draftFaults(wrong)).sort()).toEqual([
      "name",
      "partitions",
      "retention_days",
      "schema",
    ]);
    expect(draftFaults({ ...emptyDraft, name: "orders" })).toEqual({});
  });
});

describe("changes", () => {
  it("are what has changed, and nothing else", () => {
    expect(changesOf(changed({}), orders)).toEqual({});
    expect(changesOf(changed({ partitions: "4" }), orders)).toEqual({ partitions: 4 });
    expect(changesOf(changed({ retention: "30" }), orders)).toEqual({ retention_days: 30 });
    expect(changesOf(changed({ retention: "forever" }), orders)).toEqual({ retention_days: null });
    expect(changesOf(changed({ schema: '{"type":"object"}' }), orders)).toEqual({
      schema: { type: "object" },
    });
  });

  it("tell the same days and the same schema as no change, however they are written", () => {
    expect(changesOf(changed({ retention: "own", ownDays: " 14 " }), orders)).toEqual({});
    const withSchema = { ...orders, schema: JSON.parse('{"type":"object"}') };
    expect(changesOf({ ...draftOf(withSchema), schema: '{ "type":\n"object" }' }, withSchema)).toEqual({});
    expect(changesOf({ ...draftOf(withSchema), schema: "" }, withSchema)).toEqual({ schema: null });
  });

  it("give up compaction", () => {
    const compacted = { ...orders, compacted: true, retention_days: null };
    expect(changesOf({ ...draftOf(compacted), compacted: false }, compacted)).toEqual({ compacted: false });
  });

  it("of the name are none, whatever the name is", () => {
    const events = { ...orders, name: "aibbar.events" };
    expect(draftFaults(draftOf(events), events)).toEqual({});
  });

  it("are there as soon as a field differs, also while it is wrong", () => {
    expect(isChanged(changed({}), orders)).toBe(false);
    expect(isChanged(changed({ partitions: "" }), orders)).toBe(true);
    expect(isChanged(changed({ schema: "{" }), orders)).toBe(true);
    expect(isChanged(changed({ retention: "own", ownDays: "" }), orders)).toBe(true);
  });
});
