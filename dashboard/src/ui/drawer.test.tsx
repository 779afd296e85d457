import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Dialog } from "./dialog";
import { Drawer } from "./drawer";
import { onScreen } from "./test-screen";

beforeEach(() => {
  localStorage.clear();
  onScreen("wide");
});
afterEach(() => void vi.unstubAllGlobals());

function List({ focus }: { focus?: "stay" }) {
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Row
      </button>
      <Drawer open={isOpen} onClose={() => setOpen(false)} title="Event" focus={focus}>
        <button type="button" onClick={() => setAsking(true)}>
          Delete
        </button>
      </Drawer>
      <Dialog open={isAsking} onClose={() => setAsking(false)} title="Sure" />
    </>
  );
}

const row = () => screen.getByRole("button", { name: "Row" });
const panel = () => screen.queryByRole("complementary", { name: "Event" });

test("beside the list: the list goes on, and Esc closes from wherever the focus is", async () => {
  const user = userEvent.setup();
  render(<List />);
  await user.click(row());
  expect(panel()).toHaveFocus();
  expect(document.documentElement).toHaveAttribute("data-drawer");

  await user.click(row());
  expect(row()).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(panel()).toBeNull();
  expect(document.documentElement).not.toHaveAttribute("data-drawer");
});

test("the focus goes back to the row", async () => {
  const user = userEvent.setup();
  render(<List />);
  row().focus();
  await user.keyboard("{Enter}");
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(row()).toHaveFocus();
});

test("the focus stays in the list where it is asked to", async () => {
  const user = userEvent.setup();
  render(<List focus="stay" />);
  await user.click(row());
  expect(panel()).toBeVisible();
  expect(row()).toHaveFocus();
});

test("Esc closes what is on top first", async () => {
  const user = userEvent.setup();
  render(<List />);
  await user.click(row());
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(screen.getByRole("dialog", { name: "Sure" })).toBeVisible();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(panel()).not.toBeNull();
});

test("its width is moved by the arrow keys, bounded, and kept", async () => {
  const user = userEvent.setup();
  const { unmount } = render(
    <Drawer open onClose={() => undefined} title="Event" width={330}>
      text
    </Drawer>,
  );
  screen.getByRole("separator").focus();
  await user.keyboard("{ArrowLeft}");
  expect(screen.getByRole("separator")).toHaveAttribute("aria-valuenow", "354");
  await user.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
  expect(screen.getByRole("separator")).toHaveAttribute("aria-valuenow", "320");
  unmount();
  expect(localStorage.getItem("gapin-drawer-width")).toBe("320");
});

test("on a phone it is a dialog", async () => {
  onScreen("phone");
  const user = userEvent.setup();
  render(<List />);
  await user.click(row());
  expect(screen.getByRole("dialog", { name: "Event" })).toBeVisible();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
});
