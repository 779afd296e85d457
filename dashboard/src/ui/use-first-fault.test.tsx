import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { useFirstFault } from "./use-first-fault";

function Form({ wrong }: { wrong: readonly string[] }) {
  const form = useFirstFault(Object.fromEntries(wrong.map((name) => [name, "is wrong"])));
  return (
    <form ref={form}>
      {["name", "days"].map((name) => (
        <input key={name} aria-label={name} aria-invalid={wrong.includes(name)} />
      ))}
    </form>
  );
}

it("leads to the first field that is wrong, and not away from one that is right again", () => {
  const { rerender } = render(<Form wrong={[]} />);
  expect(document.body).toHaveFocus();
  rerender(<Form wrong={["name", "days"]} />);
  expect(screen.getByLabelText("name")).toHaveFocus();
  rerender(<Form wrong={["days"]} />);
  expect(screen.getByLabelText("name")).toHaveFocus();
  rerender(<Form wrong={[]} />);
  rerender(<Form wrong={["days"]} />);
  expect(screen.getByLabelText("days")).toHaveFocus();
});
