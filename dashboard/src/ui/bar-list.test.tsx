import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import * as files from "@/lib/download";
import { BarList, barPercent } from "./bar-list";
import { renderAtHome } from "./test-screen";

const items = [
  { label: "orders", value: 200, href: "/topics/orders?range=7d" },
  { label: "<b>\u202ex</b>", value: 50, hint: "deleted" },
  { label: "none", value: 0 },
];
const unit = (value: number) => `${value} events`;

test.each([
  [200, 200, 100],
  [50, 200, 25],
  [0, 200, 0],
  [1, 1_000_000, 0.5],
  [-1, 200, 0],
  [5, 0, 0],
  [Number.NaN, 10, 0],
  [10, 5, 100],
])("%d of %d is %d%% of the width", (value, largest, percent) => {
  expect(barPercent(value, largest)).toBe(percent);
});

test("bars tell what and how much", () => {
  render(<BarList title="Topics" items={items} unit={unit} csvName="topics" />);
  const rows = screen.getAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual([
    "orders200 events",
    "<b>\u202ex</b> deleted50 events",
    "none0 events",
  ]);
  expect(within(rows[1] as HTMLElement).getByText("<b>\u202ex</b>")).toHaveAttribute("dir", "auto");
});

test("they are also a table and a file", async () => {
  const download = vi.spyOn(files, "download").mockImplementation(() => {});
  const user = userEvent.setup();
  render(<BarList title="Topics" items={items} unit={unit} csvName="topics.csv" />);
  await user.click(screen.getByRole("button", { name: "View as table" }));
  expect(screen.getByRole("table", { name: "Topics" })).toBeVisible();
  expect(screen.getAllByRole("row")).toHaveLength(4);
  await user.click(screen.getByRole("button", { name: "CSV" }));
  expect(download).toHaveBeenCalledWith(
    "topics.csv",
    "text/csv",
    "Name,Value\r\norders,200\r\n<b>\u202ex</b>,50\r\nnone,0\r\n",
  );
  await user.click(screen.getByRole("button", { name: "View as chart" }));
  expect(screen.getAllByRole("listitem")).toHaveLength(3);
});

test("a link leads inside the page, with its search", async () => {
  const user = userEvent.setup();
  const router = await renderAtHome(<BarList title="Topics" items={items} unit={unit} csvName="topics" />);
  const link = screen.getByRole("link", { name: "orders" });
  expect(link).toHaveAttribute("href", "/topics/orders?range=7d");
  await user.click(link);
  expect(router.state.location.href).toBe("/topics/orders?range=7d");
});

test("nothing is said to be nothing", () => {
  render(<BarList title="Topics" items={[]} unit={unit} csvName="topics" empty="No messages yet" />);
  expect(screen.getByText("No messages yet")).toBeVisible();
  expect(screen.queryByRole("button")).toBeNull();
});
