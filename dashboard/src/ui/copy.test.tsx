import { act, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Copy } from "./copy";
import { Toaster } from "./toast";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("it copies the value and says so in a polite region", async () => {
  const user = userEvent.setup();
  render(<Copy value="evt_01" label="Copy id" />);
  const region = document.getElementById("announcements");
  expect(region).toHaveAttribute("aria-live", "polite");

  await user.click(screen.getByRole("button", { name: "Copy id" }));
  expect(await navigator.clipboard.readText()).toBe("evt_01");
  expect(region).toHaveTextContent("Copied");
  expect(screen.getByRole("button", { name: "Copied" })).toBeInTheDocument();
});

test("it is spoken again when it is copied again", async () => {
  const user = userEvent.setup();
  render(<Copy value="evt_01" iconOnly />);
  await user.click(screen.getByRole("button"));
  const first = document.getElementById("announcements")?.firstChild;
  await user.click(screen.getByRole("button"));
  const second = document.getElementById("announcements")?.firstChild;
  expect(second).toHaveTextContent("Copied");
  expect(second).not.toBe(first);
});

test("after two seconds it offers itself again", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: () => Promise.resolve() } });
  render(<Copy value="evt_01" />);
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Copy" })));
  expect(screen.getByRole("button", { name: "Copied" })).toBeInTheDocument();
  act(() => vi.advanceTimersByTime(2_000));
  expect(screen.getByRole("button", { name: "Copy" })).toBeInTheDocument();
});

test("where the browser refuses, it says how else", async () => {
  const user = userEvent.setup({ writeToClipboard: false });
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("denied"));
  render(
    <>
      <Copy value="evt_01" />
      <Toaster />
    </>,
  );
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await act(() => vi.dynamicImportSettled());
  expect(screen.getByRole("alert")).toHaveTextContent("Select the text and copy it by hand.");
  expect(screen.getByRole("button", { name: "Not copied" })).toBeInTheDocument();
  expect(document.querySelector("textarea")).toBeNull();
});
