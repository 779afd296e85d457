import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { Checkbox, RadioCards, Switch } from "./choice";
import { Field } from "./field";
import { Input, PasswordInput, Textarea } from "./input";
import { MultiSelect } from "./multi-select";
import { Segmented } from "./segmented";
import { Select } from "./select";

const topics = [
  { value: "orders", label: "Orders" },
  { value: "users", label: "Users" },
  { value: "audit", label: "Audit" },
];

test("label, hint and error belong to the control", () => {
  render(
    <Field label="Name" hint="As you like." error="It is taken." optional>
      <Input />
    </Field>,
  );
  const input = screen.getByRole("textbox", { name: "Name" });
  expect(input).toBeInvalid();
  expect(input).toHaveAccessibleDescription(/It is taken\./);
  expect(input).toHaveAccessibleDescription(/As you like\./);
  expect(screen.getByRole("alert")).toHaveTextContent("It is taken.");
});

test("without an error nothing is said to be wrong", () => {
  const { rerender } = render(
    <Field label="Name" error="It is taken.">
      <Textarea />
    </Field>,
  );
  rerender(
    <Field label="Name" error="">
      <Textarea />
    </Field>,
  );
  const area = screen.getByRole("textbox", { name: "Name" });
  expect(area.tagName).toBe("TEXTAREA");
  expect(area).not.toBeInvalid();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a password is shown on request, and stays what it is", async () => {
  const user = userEvent.setup();
  render(
    <Field label="Password">
      <PasswordInput autoComplete="current-password" />
    </Field>,
  );
  const input = screen.getByLabelText("Password");
  await user.type(input, "correct horse");
  expect(input).toHaveAttribute("type", "password");
  await user.click(screen.getByRole("button", { name: "Show password" }));
  expect(input).toHaveAttribute("type", "text");
  expect(input).toHaveValue("correct horse");
  expect(screen.getByRole("button", { name: "Hide password" })).toBeInTheDocument();
});

test("a checkbox is pressed by its label, and described by its hint", async () => {
  const user = userEvent.setup();
  const onChange = vi.fn();
  render(<Checkbox label="Read events" hint="Searches them." checked={false} onChange={onChange} />);
  expect(screen.getByRole("checkbox", { name: "Read events" })).toHaveAccessibleDescription("Searches them.");
  await user.click(screen.getByText("Read events"));
  expect(onChange.mock.calls).toEqual([[true]]);
});

test("a switch is one, by keyboard too", async () => {
  const user = userEvent.setup();
  const onChange = vi.fn();
  render(<Switch label="Only registered systems" checked onChange={onChange} />);
  expect(screen.getByRole("switch", { name: "Only registered systems" })).toBeChecked();
  await user.tab();
  await user.keyboard(" ");
  expect(onChange.mock.calls).toEqual([[false]]);
});

test("the arrow keys choose among radio cards and segments", async () => {
  const user = userEvent.setup();
  function Both() {
    const [role, setRole] = useState("viewer");
    const [range, setRange] = useState("1h");
    return (
      <>
        <RadioCards
          label="Role"
          value={role}
          onChange={setRole}
          options={[
            { value: "viewer", label: "Viewer", hint: "Looks." },
            { value: "member", label: "Member" },
          ]}
        />
        <Segmented
          label="Range"
          value={range}
          onChange={setRange}
          options={[
            { value: "1h", label: "1h" },
            { value: "24h", label: "24h" },
          ]}
        />
      </>
    );
  }
  render(<Both />);
  expect(screen.getByRole("radiogroup", { name: "Role" })).toBeInTheDocument();
  expect(screen.getByRole("radio", { name: "Viewer" })).toHaveAccessibleDescription("Looks.");
  await user.tab();
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("radio", { name: "Member" })).toBeChecked();
  await user.tab();
  await user.keyboard("{ArrowRight}");
  expect(screen.getByRole("radio", { name: "24h" })).toBeChecked();
});

test("a select is named by its field and chosen from by keyboard", async () => {
  const user = userEvent.setup();
  const onChange = vi.fn();
  render(
    <Field label="Topic">
      <Select label="Topic" value="orders" onChange={onChange} options={topics} />
    </Field>,
  );
  const select = screen.getByRole("combobox", { name: "Topic" });
  expect(select).toHaveTextContent("Orders");
  select.focus();
  await user.keyboard("{Enter}");
  await screen.findByRole("listbox");
  await user.keyboard("{ArrowDown}{Enter}");
  expect(onChange.mock.calls).toEqual([["users"]]);
});

test("what is chosen is shown though it is no option any more", () => {
  render(<Select label="Topic" value="gone" onChange={() => undefined} options={topics} />);
  expect(screen.getByRole("combobox", { name: "Topic" })).toHaveTextContent("gone");
});

test("many are chosen from a list that is searched", async () => {
  const user = userEvent.setup();
  const onChange = vi.fn();
  function Topics() {
    const [values, setValues] = useState<string[]>(["gone"]);
    const change = (next: string[]) => {
      onChange(next);
      setValues(next);
    };
    return (
      <MultiSelect
        label="Topics"
        values={values}
        onChange={change}
        options={topics}
        placeholder="All topics"
      />
    );
  }
  render(<Topics />);
  await user.click(screen.getByRole("combobox", { name: "Topics" }));
  await user.type(await screen.findByRole("combobox", { name: "Filter: Topics" }), "us");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Users"]);
  await user.click(screen.getByRole("option", { name: "Users" }));
  expect(onChange).toHaveBeenLastCalledWith(["gone", "users"]);
  await user.click(screen.getByRole("button", { name: "Clear" }));
  expect(onChange).toHaveBeenLastCalledWith([]);
});

test("how many are chosen is said where there is no room for their names", () => {
  const select = (values: string[]) => (
    <MultiSelect
      label="Topics"
      values={values}
      onChange={() => undefined}
      options={topics}
      placeholder="All topics"
    />
  );
  const { rerender } = render(select([]));
  const trigger = screen.getByRole("combobox", { name: "Topics" });
  expect(trigger).toHaveTextContent("All topics");
  rerender(select(["users", "orders"]));
  expect(trigger).toHaveTextContent("Users, Orders");
  rerender(select(["users", "orders", "audit"]));
  expect(trigger).toHaveTextContent("3 selected");
});
