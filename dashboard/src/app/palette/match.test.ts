import { describe, expect, it } from "vitest";
import { score } from "./match";

const found = (query: string, name: string, also?: string) => score(query, name, also) !== undefined;
/** The names in the order in which they answer. */
const ranked = (query: string, ...names: string[]) =>
  names
    .map((name) => ({ name, score: score(query, name) }))
    .filter((one) => one.score !== undefined)
    .sort((a, b) => (b.score as number) - (a.score as number))
    .map(({ name }) => name);

describe("a name answers", () => {
  it("by its beginning, by a word of it, by the initials, or from within", () => {
    for (const query of ["dead", "Dead letters", "letters", "dl", "ette", "let de", "  DEAD  "]) {
      expect(found(query, "Dead letters"), query).toBe(true);
    }
  });

  it("only when every word is found", () => {
    for (const query of ["dead letterz", "dx", "letters now"])
      expect(found(query, "Dead letters"), query).toBe(false);
  });

  it("whatever its marks, forms and cases are", () => {
    expect(found("zurich", "Zürich")).toBe(true);
    expect(found("ZÜRICH", "zürich")).toBe(true);
    expect(found("ﬁle", "File server")).toBe(true);
    expect(found("日本", "日本語")).toBe(true);
  });

  it("by what else it is called", () => {
    expect(found("dlq", "Dead letters", "dlq failed redrive")).toBe(true);
    expect(found("failed letters", "Dead letters", "dlq failed redrive")).toBe(true);
    expect(found("lq", "Dead letters", "dlq failed redrive")).toBe(false);
  });

  it("to nothing typed, all the same", () => {
    expect(score("", "Dead letters")).toBe(0);
    expect(score("  ", "Topics")).toBe(0);
  });
});

describe("of several names", () => {
  it("the one that is meant comes first", () => {
    expect(ranked("keys", "Signing keys", "API keys", "Keys")).toEqual(["Keys", "Signing keys", "API keys"]);
    expect(ranked("set", "Reset", "Settings", "Data set")).toEqual(["Settings", "Data set", "Reset"]);
    expect(ranked("to", "Topics", "Go to", "Custom")).toEqual(["Topics", "Go to", "Custom"]);
  });

  it("a name in full is before one that begins so", () => {
    expect(ranked("prod", "production", "prod")).toEqual(["prod", "production"]);
  });
});
