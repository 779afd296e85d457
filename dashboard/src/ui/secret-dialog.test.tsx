import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { SecretDialog } from "./secret-dialog";

const secrets = [
  { label: "API key", value: "gapin_live_Zk3v" },
  { label: "Signing key", value: "AAECAwQ" },
];

function dialog() {
  const onDone = vi.fn();
  const user = userEvent.setup();
  render(<SecretDialog open title="Save the key" secrets={secrets} onDone={onDone} />);
  return { user, onDone };
}

test("neither Esc nor a press outside closes it; only having saved it does", async () => {
  const { user, onDone } = dialog();
  await user.keyboard("{Escape}");
  await user.click(document.body);
  expect(onDone).not.toHaveBeenCalled();
  expect(screen.getByRole("dialog", { name: "Save the key" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Close" })).toBeNull();

  await user.click(screen.getByRole("button", { name: "I have saved it" }));
  expect(onDone).toHaveBeenCalledOnce();
});

test("each secret is shown whole and copied by itself, which is spoken", async () => {
  const { user } = dialog();
  for (const { label, value } of secrets) {
    const part = screen.getByRole("group", { name: label });
    expect(part).toHaveTextContent(value);
    await user.click(within(part).getByRole("button", { name: "Copy" }));
    expect(await navigator.clipboard.readText()).toBe(value);
    expect(document.getElementById("announcements")).toHaveTextContent("Copied");
  }
});
