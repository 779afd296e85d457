import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Plus } from "lucide-react";
import { afterEach, expect, test, vi } from "vitest";
import { Button } from "./button";
import { IconButton } from "./icon-button";
import { Link } from "./link";
import { renderAtHome } from "./test-screen";
import { Tooltip } from "./tooltip";

afterEach(() => void vi.useRealTimers());

const spinner = () => document.querySelector(".animate-spin");

test("busy: not pressed twice, keeps its name and the focus, and turns only when it takes time", () => {
  vi.useFakeTimers();
  const { rerender } = render(<Button>Create</Button>);
  screen.getByRole("button").focus();
  rerender(<Button busy>Create</Button>);
  const button = screen.getByRole("button", { name: "Create" });
  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveFocus();
  act(() => vi.advanceTimersByTime(149));
  expect(spinner()).toBeNull();
  act(() => vi.advanceTimersByTime(1));
  expect(spinner()).not.toBeNull();
  expect(button).toHaveAccessibleName("Create");
});

test("a busy submit button submits nothing", async () => {
  const user = userEvent.setup();
  const onSubmit = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
  render(
    <form onSubmit={onSubmit}>
      <Button type="submit" busy>
        Create
      </Button>
    </form>,
  );
  await user.click(screen.getByRole("button"));
  expect(onSubmit).not.toHaveBeenCalled();
});

test("it submits no form unless it says so", async () => {
  const user = userEvent.setup();
  const onSubmit = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
  render(
    <form onSubmit={onSubmit}>
      <Button>Cancel</Button>
      <Button type="submit">Create</Button>
    </form>,
  );
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(onSubmit).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Create" }));
  expect(onSubmit).toHaveBeenCalledOnce();
});

test("as a link it is a link", async () => {
  await renderAtHome(
    <Button icon={Plus} render={<Link to={"/keys" as never} />}>
      Keys
    </Button>,
  );
  const link = screen.getByRole("link", { name: "Keys" });
  expect(link).toHaveAttribute("href", "/keys");
  expect(link).not.toHaveAttribute("role");
  expect(link.className).toContain("no-underline");
  expect(link.className).not.toContain("text-accent ");
});

test("a control that one may not use still says why", async () => {
  const user = userEvent.setup();
  const onClick = vi.fn();
  render(
    <Tooltip label="Admins and owners create keys">
      <Button disabled onClick={onClick}>
        Create
      </Button>
    </Tooltip>,
  );
  await user.tab();
  const button = screen.getByRole("button", { name: "Create" });
  expect(button).toHaveFocus();
  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveAttribute("aria-description", "Admins and owners create keys");
  await user.click(button);
  expect(onClick).not.toHaveBeenCalled();
});

test("an icon has a name, which it is not told twice", () => {
  render(<IconButton icon={Plus} label="Add" />);
  const button = screen.getByRole("button", { name: "Add" });
  expect(button).not.toHaveAttribute("aria-description");
});
