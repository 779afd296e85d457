import { expect, it } from "vitest";
import { isName, NAME_CHARS_MAX } from "./names";

it("a name is one line without blanks at its ends, as long as the gateway takes", () => {
  for (const name of [
    "a",
    "acme",
    "Ärzte ohne Grenzen",
    "a b",
    "👩‍👩‍👧",
    "a".repeat(NAME_CHARS_MAX),
    "😀".repeat(NAME_CHARS_MAX),
  ]) {
    expect(isName(name), name).toBe(true);
  }
  for (const name of ["", " ", " a", "a ", "a\nb", "a\u0000b", "\u007f", "a".repeat(NAME_CHARS_MAX + 1)]) {
    expect(isName(name), JSON.stringify(name)).toBe(false);
  }
});
