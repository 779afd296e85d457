import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { ConfirmDialog, type ConfirmDialogProps } from "./confirm-dialog";

function dialog(overrides: Partial<ConfirmDialogProps> = {}) {
  const onConfirm = vi.fn<() => unknown>();
  const onClose = vi.fn();
  const props: ConfirmDialogProps = {
    open: true,
    onClose,
    title: "Revoke the key",
    body: "Programs that use it stop at once.",
    action: "Revoke",
    onConfirm,
    danger: true,
    ...overrides,
  };
  const { rerender } = render(<ConfirmDialog {...props} />);
  return {
    user: userEvent.setup(),
    onConfirm,
    onClose,
    again: (more: Partial<ConfirmDialogProps>) => rerender(<ConfirmDialog {...props} {...more} />),
  };
}

const action = () => screen.getByRole("button", { name: "Revoke" });

test("what destroys wants the name, and nothing but the name", async () => {
  const { user, onConfirm, onClose } = dialog({ typeToConfirm: "checkout" });
  const name = screen.getByRole("textbox", { name: "Type checkout to confirm" });
  await waitFor(() => expect(name).toHaveFocus());
  expect(action()).toBeDisabled();

  await user.type(name, "checkou{Enter}");
  expect(action()).toBeDisabled();
  expect(onConfirm).not.toHaveBeenCalled();

  await user.type(name, "t");
  await user.click(action());
  expect(onConfirm).toHaveBeenCalledOnce();
  expect(onClose).toHaveBeenCalledOnce();
});

test("Enter after the name confirms", async () => {
  const { user, onConfirm } = dialog({ typeToConfirm: "checkout" });
  await user.type(screen.getByRole("textbox"), "checkout{Enter}");
  expect(onConfirm).toHaveBeenCalledOnce();
});

test("what was typed for one thing confirms no other", async () => {
  const { user, again } = dialog({ typeToConfirm: "checkout" });
  await user.type(screen.getByRole("textbox"), "checkout");
  again({ typeToConfirm: "checkout", open: false });
  again({ typeToConfirm: "checkout", open: true });
  expect(screen.getByRole("textbox")).toHaveValue("");
  expect(action()).toBeDisabled();
});

test("it is an alert that says what will happen, and begins at the harmless answer", async () => {
  dialog();
  const alert = screen.getByRole("alertdialog", { name: "Revoke the key" });
  expect(alert).toHaveAccessibleDescription("Programs that use it stop at once.");
  await waitFor(() => expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus());
});

test("Esc is no", async () => {
  const { user, onConfirm, onClose } = dialog();
  await user.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledOnce();
  expect(onConfirm).not.toHaveBeenCalled();
});

test("what went wrong is shown in it, and it stays", async () => {
  const problem = new ApiProblem(409, {
    code: "last_owner",
    title: "The last owner stays",
    detail: "Make another owner first.",
  });
  const { user, onClose } = dialog({ onConfirm: () => Promise.reject(problem) });
  await user.click(action());
  expect(await screen.findByRole("alert")).toHaveTextContent("The last owner stays");
  expect(screen.getByRole("alert")).toHaveTextContent("Make another owner first.");
  expect(onClose).not.toHaveBeenCalled();
  expect(action()).toBeEnabled();
});

test("while it is done, it is neither done again nor closed", async () => {
  let finish: () => void = () => undefined;
  const onConfirm = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const { user, onClose } = dialog({ onConfirm });
  await user.click(action());
  await user.click(action());
  await user.keyboard("{Escape}");
  expect(onConfirm).toHaveBeenCalledOnce();
  expect(onClose).not.toHaveBeenCalled();
  finish();
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
});
