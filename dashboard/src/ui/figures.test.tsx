import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { clock } from "@/lib/clock";
import { Bytes, Count } from "./amounts";
import { Code } from "./code";
import { Foreign } from "./foreign";
import { Mono } from "./mono";
import { Sparkline, sparkPath } from "./sparkline";
import { renderAtHome } from "./test-screen";
import { judge, Tile, type TileChange } from "./tile";
import { Time } from "./time";

describe("a change", () => {
  test.each<[TileChange, string]>([
    [{ percent: 4.2, good: "up" }, "good"],
    [{ percent: -4.2, good: "up" }, "bad"],
    [{ percent: 4.2, good: "down" }, "bad"],
    [{ percent: -4.2, good: "down" }, "good"],
    [{ percent: 0, good: "up" }, "same"],
    [{ percent: 0.04, good: "up" }, "same"],
    [{ percent: Number.NaN, good: "up" }, "same"],
    [{ percent: Number.POSITIVE_INFINITY, good: "down" }, "same"],
  ])("%o is %s", (change, verdict) => {
    expect(judge(change)).toBe(verdict);
  });
});

describe("a tile", () => {
  test("tells its number, and a change in words", () => {
    render(
      <Tile
        label="Events"
        value="4,021"
        unit="/s"
        change={{ percent: -6.84, good: "up" }}
        hint="last hour"
      />,
    );
    expect(screen.getByText("4,021")).toBeVisible();
    expect(screen.getByTitle("Worse than before")).toHaveTextContent("6.8%down, which is bad");
    expect(screen.getByText("last hour")).toBeVisible();
    expect(screen.queryByRole("img")).toBeNull();
  });

  test.each([
    [1234.5, ">999%"],
    [123.4, "123%"],
    [0, "0%"],
  ])("a change of %d is written %s", (percent, text) => {
    render(<Tile label="x" value="1" change={{ percent, good: "up" }} />);
    expect(screen.getByText((content) => content.startsWith(text))).toBeVisible();
  });

  test("may lead somewhere, by its name", async () => {
    const user = userEvent.setup();
    const router = await renderAtHome(<Tile label="Events" value="1" href="/statistics?range=24h" />);
    await user.click(screen.getByRole("link", { name: "Events" }));
    expect(router.state.location.href).toBe("/statistics?range=24h");
  });
});

describe("the shape of a series", () => {
  test.each<[number[], string]>([
    [[], ""],
    [[1], ""],
    [[Number.NaN, Number.NaN], ""],
    [[0, 10], "M0.0 18.0L100.0 2.0"],
    [[5, 5], "M0.0 18.0L100.0 18.0"],
    [[0, 10, 5], "M0.0 18.0L50.0 2.0L100.0 10.0"],
    [[0, Number.NaN, 10, 0], "M0.0 18.0M66.7 2.0L100.0 18.0"],
  ])("%j", (points, path) => {
    expect(sparkPath(points, 100, 20)).toBe(path);
  });

  test("has a name, or is not there for screen readers", () => {
    const { rerender } = render(<Sparkline points={[1, 2]} label="Rising" />);
    expect(screen.getByRole("img", { name: "Rising" })).toBeInTheDocument();
    rerender(<Sparkline points={[1, 2]} label="" />);
    expect(screen.queryByRole("img")).toBeNull();
  });
});

describe("a moment", () => {
  const at = "2026-11-21T02:59:32.986123Z";

  test("has its exact UTC", () => {
    render(<Time value={at} style="datetime" />);
    const time = screen.getByTitle("2026-11-21 02:59:32.986123 UTC");
    expect(time.tagName).toBe("TIME");
    expect(time).toHaveAttribute("datetime", "2026-11-21T02:59:32.986Z");
  });

  test("says how long ago it was, and goes on saying it", () => {
    let now = Date.parse(at) + 60_000;
    vi.spyOn(Date, "now").mockImplementation(() => now);
    render(<Time value={at} />);
    expect(screen.getByText("1 min ago")).toBeVisible();
    now += 120_000;
    act(() => clock.tick());
    expect(screen.getByText("3 min ago")).toBeVisible();
  });

  test.each(["", "never", null, undefined, Number.NaN])("that is none is a dash: %j", (value) => {
    render(<Time value={value} />);
    expect(screen.getByText("–")).toBeVisible();
  });
});

test("amounts have all of their digits at hand", () => {
  render(
    <>
      <Count value={12_345} />
      <Count value={1_234_567} />
      <Bytes value={640} />
      <Bytes value={1_234_567} />
    </>,
  );
  expect(screen.getByText("12,345")).not.toHaveAttribute("title");
  expect(screen.getByText("1.2M")).toHaveAttribute("title", "1,234,567");
  expect(screen.getByText("640 B")).not.toHaveAttribute("title");
  expect(screen.getByText("1.2 MB")).toHaveAttribute("title", "1,234,567 bytes");
});

test("text from outside keeps its direction to itself, and is cut", () => {
  const text = `<b>\u202eabc</b>${"x".repeat(5000)}`;
  const { container } = render(<Foreign max={20}>{text}</Foreign>);
  const shown = container.querySelector("bdi");
  expect(shown).toHaveAttribute("dir", "auto");
  expect(shown?.textContent).toBe(`${text.slice(0, 19)}…`);
  expect(shown?.title.length).toBe(1000);
  expect(container.querySelector("b")).toBeNull();
});

test("an id without room loses its middle to the eye, but not to a copy", () => {
  const id = "01K0000CRE6SXJG8Z3V5";
  const { container } = render(<Mono truncate>{id}</Mono>);
  expect(container.textContent).toBe(id);
  expect(screen.getByTitle(id).lastElementChild).toHaveTextContent("8Z3V5");
});

test("an id can be copied", async () => {
  const user = userEvent.setup();
  render(<Mono copy>evt_1</Mono>);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  expect(await navigator.clipboard.readText()).toBe("evt_1");
});

describe("code", () => {
  test("shows what it is, also what cannot be seen, and copies it as it is", async () => {
    const user = userEvent.setup();
    const text = 'curl "x\u202e"\n<b>';
    const { container } = render(<Code language="sh">{text}</Code>);
    expect(container.querySelector("code")?.textContent).toBe('curl "x\\u202e"\n<b>');
    expect(container.querySelector("b")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Copy" }));
    expect(await navigator.clipboard.readText()).toBe(text);
  });

  test("without its button has none", () => {
    render(<Code copy={false}>x</Code>);
    expect(screen.queryByRole("button")).toBeNull();
  });
});
