import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { useHotkeys } from "@/lib/hotkeys";
import { byScope, ShortcutsDialog } from "./shortcuts-dialog";

it("lists those of the page before those that work everywhere, each group in its order", () => {
  const hotkey = (scope: string, keys: string) => ({ scope, keys, label: keys });
  const listed = byScope([
    hotkey("Everywhere", "mod+k"),
    hotkey("Everywhere", "?"),
    hotkey("This page", "j"),
    hotkey("This page", "k"),
  ]);
  expect(listed.map(([scope, keys]) => [scope, ...keys.map((one) => one.keys)])).toEqual([
    ["This page", "j", "k"],
    ["Everywhere", "mod+k", "?"],
  ]);
});

it("shows what is registered at this moment", () => {
  function Registers() {
    useHotkeys({ "g l": { run: () => {}, label: "Go to Live events" } }, { scope: "Everywhere" });
    return <ShortcutsDialog open onClose={() => {}} />;
  }
  render(<Registers />);
  const row = screen.getByText("Go to Live events").parentElement as HTMLElement;
  expect(within(row).getByText("G")).toBeInTheDocument();
  expect(within(row).getByText("L")).toBeInTheDocument();
});
