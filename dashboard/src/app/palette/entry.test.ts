import { Layers } from "lucide-react";
import { describe, expect, it } from "vitest";
import { type Entry, type GroupName, ITEMS_MAX, rank } from "./entry";

const entry = (label: string, group: GroupName = "topics", of: Partial<Entry> = {}): Entry => ({
  id: `${group} ${label}`,
  group,
  label,
  icon: Layers,
  run: { to: "/" },
  ...of,
});
const drawn = (query: string, ...entries: Entry[]) =>
  rank(query, entries).map(({ name, items }) => `${name}: ${items.map(({ label }) => label).join(", ")}`);

describe("what answers", () => {
  it("is everything in its order while nothing is typed", () => {
    const many = Array.from({ length: 20 }, (_, at) => entry(`t${at}`, "pages"));
    expect(rank("", [...many, entry("Create", "actions")]).map(({ items }) => items.length)).toEqual([20, 1]);
  });

  it("is the best of each group, and the group of the best is first", () => {
    expect(
      drawn(
        "orders",
        entry("Reorders", "pages"),
        entry("my orders", "topics"),
        entry("orders", "topics"),
        entry("other", "keys"),
      ),
    ).toEqual(["topics: orders, my orders", "pages: Reorders"]);
  });

  it("is bounded in each group", () => {
    const many = Array.from({ length: 20 }, (_, at) => entry(`topic ${at}`));
    expect(rank("topic", many)[0]?.items).toHaveLength(ITEMS_MAX);
  });

  it("is found by what stands beside it, and by other names", () => {
    expect(drawn("sk_0123", entry("Checkout", "keys", { hint: "sk_01234567" }))).toEqual(["keys: Checkout"]);
    expect(drawn("dlq", entry("Dead letters", "pages", { alsoCalled: "dlq" }))).toEqual([
      "pages: Dead letters",
    ]);
    expect(drawn("nothing", entry("Checkout"))).toEqual([]);
  });
});
