import { act, render, renderHook, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { Badge, EventTypeBadge } from "./badge";
import { Page } from "./page";
import { Tabs } from "./tabs";
import { renderAtHome } from "./test-screen";
import { useTheme } from "./theme";
import { Toaster, toast } from "./toast";

beforeEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset["theme"];
});

test("a page is named in its heading and in the browser", async () => {
  await renderAtHome(
    <Page title="API keys" back={{ to: "/settings", label: "Settings", search: { tab: "keys" } }}>
      text
    </Page>,
  );
  expect(screen.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
  expect(document.title).toBe("API keys · GAPIN");
  expect(screen.getByRole("link", { name: "Settings" })).toHaveAttribute("href", "/settings?tab=keys");
});

test("the theme is chosen, kept, and follows another tab", () => {
  const { result } = renderHook(() => useTheme());
  expect(result.current[0]).toBe("system");

  act(() => result.current[1]("dark"));
  expect(result.current[0]).toBe("dark");
  expect(document.documentElement).toHaveAttribute("data-theme", "dark");
  expect(localStorage.getItem("gapin-theme")).toBe("dark");

  act(
    () => void window.dispatchEvent(new StorageEvent("storage", { key: "gapin-theme", newValue: "light" })),
  );
  expect(result.current[0]).toBe("light");

  act(() => result.current[1]("system"));
  expect(document.documentElement).not.toHaveAttribute("data-theme");
  expect(localStorage.getItem("gapin-theme")).toBeNull();
});

/** What shows toasts is loaded with the first. */
async function told(tell: () => void): Promise<void> {
  await act(async () => {
    tell();
    await vi.dynamicImportSettled();
  });
}

test("a toast that tells of a failure is spoken at once and stays until it is dismissed", async () => {
  const user = userEvent.setup();
  render(<Toaster />);
  await told(() => toast.bad("The key was not revoked", "The gateway does not answer"));
  expect(screen.getByRole("alert")).toHaveTextContent("The key was not revokedThe gateway does not answer");
  await user.click(screen.getByLabelText("Dismiss"));
  expect(screen.queryByText("The key was not revoked")).toBeNull();
});

test("each toast is shown, also the first, for which the rest is loaded", async () => {
  render(<Toaster />);
  await told(() => toast.good("Key made"));
  expect(screen.getByText("Key made")).toBeInTheDocument();
  await told(() => toast.info("Key revoked"));
  expect(screen.getByText("Key revoked")).toBeInTheDocument();
});

test("one tab is shown; the arrow keys go to the others", async () => {
  const user = userEvent.setup();
  const chosen: string[] = [];
  const tabs = [
    { value: "profile", label: "Profile", content: "About you" },
    { value: "organisation", label: "Organisation", content: "About us" },
  ];
  render(<Tabs value="profile" onChange={(value) => chosen.push(value)} tabs={tabs} />);
  expect(screen.getByRole("tabpanel", { name: "Profile" })).toHaveTextContent("About you");
  expect(screen.queryByText("About us")).toBeNull();
  await user.tab();
  await user.keyboard("{ArrowRight}{Enter}");
  expect(chosen).toEqual(["organisation"]);
});

test("a type of event is a word; one that is none of ours is shown harmless and short", () => {
  const { rerender } = render(<EventTypeBadge type="ai.decision" />);
  expect(screen.getByText("Decision")).toBeVisible();
  rerender(<EventTypeBadge type={`\u202eevil${"x".repeat(5_000)}`} />);
  const shown = screen.getByText(/evil/).textContent ?? "";
  expect(shown).toHaveLength(40);
  expect(shown).not.toContain("\u202e");
  rerender(<EventTypeBadge type="constructor" />);
  expect(screen.getByText("constructor")).toBeVisible();
});

test("a badge's dot is not all that it says", () => {
  render(
    <Badge tone="good" dot>
      Active
    </Badge>,
  );
  expect(screen.getByText("Active")).toBeVisible();
});
