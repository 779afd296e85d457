import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { SearchInput } from "./search-input";

/** Its value comes back late, as an address does. */
function Late({ told }: { told(value: string): void }) {
  const [value, setValue] = useState("");
  return (
    <>
      <SearchInput
        label="Find"
        value={value}
        pauseMs={1}
        onSettle={(next) => {
          told(next);
          setTimeout(() => setValue(next), 5);
        }}
      />
      <button type="button" onClick={() => setValue("of a view")}>
        View
      </button>
    </>
  );
}

test("no letter is lost while what was typed is on its way", async () => {
  const told = vi.fn();
  render(<Late told={told} />);
  const field = screen.getByRole("searchbox", { name: "Find" });
  await userEvent.type(field, "a long word that is typed", { delay: 2 });
  await vi.waitFor(() => expect(told).toHaveBeenLastCalledWith("a long word that is typed"));
  expect(field).toHaveValue("a long word that is typed");
});

test("who goes elsewhere is not waited for", async () => {
  const told = vi.fn();
  render(<SearchInput label="Find" value="" pauseMs={3_600_000} onSettle={told} />);
  await userEvent.type(screen.getByRole("searchbox"), "pear");
  expect(told).not.toHaveBeenCalled();
  await userEvent.tab();
  expect(told).toHaveBeenCalledExactlyOnceWith("pear");
});

test("what others set is shown", async () => {
  const told = vi.fn();
  render(<Late told={told} />);
  await userEvent.type(screen.getByRole("searchbox"), "pear");
  await vi.waitFor(() => expect(told).toHaveBeenLastCalledWith("pear"));
  await userEvent.click(screen.getByRole("button", { name: "View" }));
  await vi.waitFor(() => expect(screen.getByRole("searchbox")).toHaveValue("of a view"));
});
