import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Table, type TableProps } from "./table";
import { onScreen, renderAtHome } from "./test-screen";

interface Key {
  id: string;
  name: string;
  used: string;
  note: string;
}

const rows: Key[] = [
  { id: "1", name: "Checkout", used: "never", note: "first" },
  { id: "2", name: "Search", used: "today", note: "second" },
  { id: "3", name: "Billing", used: "June", note: "third" },
];

const keys: TableProps<Key> = {
  label: "API keys",
  rows,
  rowKey: (row) => row.id,
  columns: [
    { key: "used", header: "Last used", cell: (row) => row.used, align: "right" },
    { key: "name", header: "Name", cell: (row) => row.name, primary: true },
    { key: "note", header: "Note", cell: (row) => row.note, hideOnPhone: true },
  ],
};

beforeEach(() => onScreen("wide"));
afterEach(() => void vi.unstubAllGlobals());

test("it is a table with the headers of its columns", () => {
  render(<Table {...keys} />);
  const table = screen.getByRole("table", { name: "API keys" });
  expect(
    within(table)
      .getAllByRole("columnheader")
      .map((header) => header.textContent),
  ).toEqual(["Last used", "Name", "Note"]);
  expect(within(table).getAllByRole("row")).toHaveLength(4);
  expect(screen.queryByRole("button")).toBeNull();
});

test("rows are opened by keyboard, from one to the next with the arrows", async () => {
  const user = userEvent.setup();
  const onRowOpen = vi.fn();
  render(<Table {...keys} onRowOpen={onRowOpen} />);
  await user.tab();
  expect(screen.getByRole("button", { name: "Checkout" })).toHaveFocus();
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}");
  expect(screen.getByRole("button", { name: "Billing" })).toHaveFocus();
  await user.keyboard("{ArrowUp}{Enter}");
  expect(onRowOpen.mock.calls).toEqual([[rows[1]]]);
});

test("a press anywhere in a row opens it, once", async () => {
  const user = userEvent.setup();
  const onRowOpen = vi.fn();
  render(<Table {...keys} onRowOpen={onRowOpen} />);
  await user.click(screen.getByRole("cell", { name: "June" }));
  await user.click(screen.getByRole("button", { name: "Search" }));
  expect(onRowOpen.mock.calls).toEqual([[rows[2]], [rows[1]]]);
});

test("a row that leads somewhere is a link, for the pointer as a whole", async () => {
  const user = userEvent.setup();
  const router = await renderAtHome(
    <Table {...keys} rowHref={(row) => ({ to: "/ai-systems/$id", params: { id: row.id } })} />,
  );
  const link = screen.getByRole("link", { name: "Search" });
  expect(link).toHaveAttribute("href", "/ai-systems/2");
  await user.click(screen.getByRole("cell", { name: "today" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/ai-systems/2"));
});

test("a row's menu is worked by keyboard and opens no row", async () => {
  const user = userEvent.setup();
  const onRowOpen = vi.fn();
  const revoke = vi.fn();
  render(
    <Table
      {...keys}
      onRowOpen={onRowOpen}
      rowLabel={(row) => row.name}
      menu={(row) => [
        { label: "Rename", onSelect: () => undefined },
        "separator",
        { label: "Revoke", danger: true, onSelect: () => revoke(row.id) },
      ]}
    />,
  );
  const opener = screen.getByRole("button", { name: "Actions for Search" });
  opener.focus();
  await user.keyboard("{Enter}");
  const menu = await screen.findByRole("menu");
  await waitFor(() => expect(within(menu).getByRole("menuitem", { name: "Rename" })).toHaveFocus());
  await user.keyboard("{ArrowDown}{Enter}");
  expect(revoke.mock.calls).toEqual([["2"]]);
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  expect(opener).toHaveFocus();
  expect(onRowOpen).not.toHaveBeenCalled();
});

test("a row for which nothing can be done has no menu", () => {
  render(
    <Table
      {...keys}
      menu={(row) => (row.id === "1" ? [{ label: "Revoke", onSelect: () => undefined }] : [])}
    />,
  );
  expect(screen.getAllByRole("button", { name: "Actions" })).toHaveLength(1);
});

test("on a phone each row is a card: its name, then what is known of it", async () => {
  onScreen("phone");
  const user = userEvent.setup();
  const onRowOpen = vi.fn();
  render(<Table {...keys} onRowOpen={onRowOpen} />);
  expect(screen.queryByRole("table")).toBeNull();
  const cards = within(screen.getByRole("list", { name: "API keys" })).getAllByRole("listitem");
  expect(cards.map((card) => card.textContent)).toEqual([
    "CheckoutLast usednever",
    "SearchLast usedtoday",
    "BillingLast usedJune",
  ]);
  await user.click(within(cards[1]!).getByText("today"));
  expect(onRowOpen.mock.calls).toEqual([[rows[1]]]);
});

test("without rows it says what to do", () => {
  render(<Table {...keys} rows={[]} empty={<p>Create a key</p>} />);
  expect(screen.getByText("Create a key")).toBeVisible();
  expect(screen.queryByRole("table")).toBeNull();
});
