import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import type { Range } from "@/lib/time";
import { fromField } from "@/lib/wall-clock";
import { RangePicker } from "./range-picker";
import { readRange } from "./range-popup";

function setUp(value: Range, custom = true) {
  const onChange = vi.fn<(range: Range) => void>();
  function Page() {
    const [range, setRange] = useState(value);
    return (
      <RangePicker
        value={range}
        presets={["1h", "24h", "7d", "all"]}
        custom={custom}
        onChange={(next) => {
          onChange(next);
          setRange(next);
        }}
      />
    );
  }
  render(<Page />);
  return { onChange, user: userEvent.setup() };
}

describe("choosing a time", { timeout: 60_000 }, () => {
  test("is one of a few", async () => {
    const { onChange, user } = setUp({ preset: "1h" }, false);
    expect(screen.getByRole("radiogroup", { name: "Time range" })).toBeVisible();
    expect(screen.getByRole("radio", { name: "1h" })).toBeChecked();
    expect(screen.queryByRole("button")).toBeNull();
    await user.click(screen.getByRole("radio", { name: "All" }));
    expect(onChange).toHaveBeenLastCalledWith({ preset: "all" });
    expect(screen.getByRole("radio", { name: "All" })).toBeChecked();
  });

  test("is from one moment to another, in the viewer's zone", async () => {
    const { onChange, user } = setUp({ preset: "24h" });
    await user.click(screen.getByRole("button", { name: "Custom" }));
    const [from, to] = [await screen.findByLabelText("From"), screen.getByLabelText("To")];
    expect(fromField((from as HTMLInputElement).value)).toBeDefined();
    fireEvent.change(from, { target: { value: "2026-11-20T08:00" } });
    fireEvent.change(to, { target: { value: "2026-11-20T09:30" } });
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(onChange).toHaveBeenLastCalledWith({
      from: new Date(2026, 10, 20, 8).toISOString(),
      to: new Date(2026, 10, 20, 9, 30).toISOString(),
    });
    expect(screen.getByRole("button", { name: "20 Nov 2026, 08:00 – 09:30" })).toBeVisible();
    for (const radio of screen.getAllByRole("radio")) expect(radio).not.toBeChecked();
  });

  test("that is none is told, and nothing changes", async () => {
    const { onChange, user } = setUp({ from: "2026-11-20T08:00:00Z", to: "2026-11-20T09:00:00Z" });
    await user.click(screen.getByRole("button", { name: /20 Nov 2026/ }));
    const to = await screen.findByLabelText("To");
    fireEvent.change(to, { target: { value: "" } });
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(await screen.findByText("Give both a beginning and an end.")).toBeVisible();
    fireEvent.change(to, { target: { value: "2020-01-01T00:00" } });
    await user.click(screen.getByRole("button", { name: "Apply" }));
    expect(await screen.findByText("The end has to come after the beginning.")).toBeVisible();
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe("a range that was typed", () => {
  test("is exact UTC", () => {
    expect(readRange("2026-03-29T01:30", "2026-03-29T03:30", "Europe/Berlin")).toEqual({
      range: { from: "2026-03-29T00:30:00.000Z", to: "2026-03-29T01:30:00.000Z" },
    });
  });

  test.each([
    ["", ""],
    ["2026-03-29T01:30", ""],
    ["", "2026-03-29T01:30"],
    ["2026-03-29T01:30", "2026-03-29T01:30"],
    ["2026-03-29T01:31", "2026-03-29T01:30"],
    ["x", "y"],
  ])("from %j to %j is none", (from, to) => {
    expect(readRange(from, to, "UTC")).toHaveProperty("fault");
  });
});
