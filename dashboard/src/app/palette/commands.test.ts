import { expect, it } from "vitest";
import { actions, pages } from "./commands";

const nothing = () => {};

it("offers the pages and actions that one may, each once", () => {
  const all = [...pages(() => true), ...actions({ may: () => true, setTheme: nothing })];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.map(({ label }) => label)).toContain("Create an API key");

  const few = [...pages(() => false), ...actions({ may: () => false, setTheme: nothing })];
  expect(few.length).toBeLessThan(all.length);
  expect(few.map(({ label }) => label)).not.toContain("Create an API key");
  expect(few.map(({ label }) => label)).toContain("Settings");
});

it("sets the theme that it names", () => {
  const set: string[] = [];
  for (const { id, run } of actions({ may: () => true, setTheme: (theme) => set.push(theme) })) {
    if (id.startsWith("theme ") && typeof run === "function") run();
  }
  expect(set).toEqual(["light", "dark", "system"]);
});

it("shows the chord of a page that has one", () => {
  expect(pages(() => true).find(({ label }) => label === "Live events")?.keys).toBe("g l");
});
