import { act, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { Json } from "./json";
import { CUT_CHARS, piecesOf } from "./json-string";

// Not by role: with a thousand rows the names of all of them would take longer than the rest of the tests.
const items = (): HTMLElement[] => {
  const rows = [...(document.querySelector("[role='tree']")?.children ?? [])] as HTMLElement[];
  return rows.filter((row) => row.getAttribute("role") === "treeitem");
};
const nameOf = (row: HTMLElement) => row.querySelector("[id]")?.textContent ?? "";
function item(name: RegExp): HTMLElement {
  const [found, ...others] = items().filter((row) => name.test(nameOf(row)));
  if (found === undefined || others.length > 0)
    throw new Error(`${others.length + Number(!!found)} rows are ${name}`);
  return found;
}
const texts = () => items().map((row) => row.textContent);
const EVENT = '{"id":"evt_1","amount":{"value":101.40,"currency":"EUR"},"tags":["a","b"],"note":null}';

describe("a document", () => {
  test("is shown as it was sent", () => {
    render(<Json text={EVENT} />);
    expect(texts()).toEqual([
      "{",
      '"id": "evt_1",',
      '"amount": {',
      '"value": 101.40,',
      '"currency": "EUR"',
      '"tags": [',
      '"a",',
      '"b"',
      '"note": null',
    ]);
    expect(screen.getByRole("tree")).toHaveAccessibleName("JSON");
  });

  test("given as a value is the same", () => {
    render(<Json value={JSON.parse(EVENT)} label="Event" />);
    expect(texts()[3]).toBe('"value": 101.4,');
    expect(screen.getByRole("tree", { name: "Event" })).toBeVisible();
  });

  test("keeps every digit, and every key that comes twice", () => {
    render(<Json text='{"n":9007199254740993.10,"n":1e400}' />);
    expect(texts().slice(1)).toEqual(['"n": 9007199254740993.10,', '"n": 1e400repeated key']);
  });

  test("tells screen readers how it is built", () => {
    render(<Json text={EVENT} />);
    const tags = item(/tags/);
    expect(tags).toHaveAttribute("aria-level", "2");
    expect(tags).toHaveAttribute("aria-posinset", "3");
    expect(tags).toHaveAttribute("aria-setsize", "4");
    expect(tags).toHaveAttribute("aria-expanded", "true");
    expect(item(/note/)).not.toHaveAttribute("aria-expanded");
  });

  test("of another kind is that", () => {
    const { rerender } = render(<Json text="12" />);
    expect(texts()).toEqual(["12"]);
    rerender(<Json text="" />);
    expect(screen.getByText("Empty")).toBeVisible();
    rerender(<Json text="<html>no</html>" />);
    expect(screen.getByText("<html>no</html>")).toBeVisible();
    rerender(<Json value={undefined} />);
    expect(texts()).toEqual(["null"]);
    rerender(<Json text="{}" />);
    expect(texts()).toEqual(["{}"]);
  });

  test("that breaks off is shown as far as it goes, and the rest as text", () => {
    render(<Json text='{"a":1,"b":"cut o' />);
    expect(texts()).toEqual(["{", '"a": 1']);
    expect(screen.getByText(/at character 12 there should be a value/)).toBeVisible();
    expect(screen.getByText('"cut o')).toBeVisible();
  });
});

describe("hostile content", { timeout: 60_000 }, () => {
  test("is text", () => {
    const { container } = render(<Json value={{ "<b>": "<img src=x onerror=alert(1)>" }} />);
    expect(container.querySelector("img, b")).toBeNull();
    expect(texts()[1]).toBe('"<b>": "<img src=x onerror=alert(1)>"');
  });

  test("that cannot be seen is written out", () => {
    render(<Json value={{ "a\u202eb": 'x\u202e\u200b\u0000\ud800\n\t"\\ é 😀' }} />);
    expect(texts()[1]).toContain('"a\\u202eb": "x\\u202e\\u200b\\u0000\\ud800\\n\\t\\"\\\\ é 😀"');
  });

  test("of 10,000 levels takes no more room than any other, and can be opened further", () => {
    render(<Json text={`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`} />);
    expect(items()).toHaveLength(4);
    fireEvent.click(screen.getByText("Expand all"));
    const opened = items().length;
    expect(opened).toBeGreaterThan(400);
    expect(opened).toBeLessThanOrEqual(1000);
    expect(items()[opened - 1]).toHaveAttribute("aria-level", String(opened));
    fireEvent.click(items()[opened - 1] as HTMLElement);
    expect(items()).toHaveLength(opened + 1);
    fireEvent.click(screen.getByText("Collapse all"));
    expect(items()).toHaveLength(2);
  });

  test("of 256 KiB in one string is cut until one asks for it", () => {
    const long = `${"x".repeat(256 * 1024 - 3)}end`;
    render(<Json value={{ long, key: 1 }} />);
    expect(item(/long/).textContent?.length).toBeLessThan(CUT_CHARS + 50);
    fireEvent.click(screen.getByText("Show all 262 kB"));
    expect(item(/long/).textContent).toContain(long);
    fireEvent.click(screen.getByText("Show less"));
    expect(item(/long/).textContent).not.toContain("end");
  });

  test("of 10,000 items comes in pages", () => {
    render(<Json value={Array.from({ length: 10_000 }, (_, index) => index)} />);
    expect(items()).toHaveLength(102);
    fireEvent.click(screen.getByText("Show 100 more of 9,900"));
    expect(items()).toHaveLength(202);
    expect(document.activeElement).toBe(items()[101]);
    expect(items()[101]?.textContent).toBe("100,");
  });

  test("of 100,000 numbers in lists of lists is folded", () => {
    render(<Json value={Array.from({ length: 90 }, () => new Array(90).fill(0))} collapsedDepth={9} />);
    expect(items().length).toBeLessThanOrEqual(300);
  });
});

test("a string of several lines can be read as lines", async () => {
  const user = userEvent.setup();
  render(<Json value={{ prompt: 'You are "kind".\nAnswer.\r\n\u202eEnd' }} />);
  expect(texts()[1]).toContain('"You are \\"kind\\".\\nAnswer.\\r\\n\\u202eEnd"');
  await user.click(screen.getByRole("button", { name: "Show lines" }));
  expect(texts()[1]).toContain('You are "kind".\nAnswer.\n\\u202eEnd');
});

describe("folding", () => {
  test("is by a click on the row", async () => {
    const user = userEvent.setup();
    render(<Json text={EVENT} />);
    await user.click(item(/amount/));
    expect(item(/amount/).textContent).toContain('"amount": {2 members},');
    expect(items()).toHaveLength(7);
    await user.click(item(/amount/));
    expect(items()).toHaveLength(9);
  });

  test("is at first as deep as was said", () => {
    render(<Json text={EVENT} collapsedDepth={1} />);
    expect(texts()).toContain('"tags": [2 items],');
    expect(items()).toHaveLength(5);
  });

  test("of everything is by a button, and back", async () => {
    const user = userEvent.setup();
    render(<Json text={EVENT} collapsedDepth={1} />);
    await user.click(screen.getByRole("button", { name: "Expand all" }));
    expect(items()).toHaveLength(9);
    await user.click(screen.getByRole("button", { name: "Collapse all" }));
    expect(items()).toHaveLength(5);
  });

  test("of one document says nothing about the next", async () => {
    const user = userEvent.setup();
    const { rerender } = render(<Json text={EVENT} />);
    await user.click(item(/^\{/));
    expect(items()).toHaveLength(1);
    rerender(<Json text='{"other":{"a":1}}' />);
    expect(texts()).toEqual(["{", '"other": {', '"a": 1']);
  });
});

describe("the keyboard", () => {
  const focused = () => document.activeElement?.textContent?.replace(/Copy.*$/, "");

  async function begin(element = <Json text={EVENT} bare />) {
    const user = userEvent.setup();
    render(element);
    await user.tab();
    return user;
  }

  test("comes to the tree once, and moves in it", async () => {
    const user = await begin();
    expect(focused()).toBe("{");
    await user.keyboard("{ArrowDown}");
    expect(focused()).toBe('"id": "evt_1",');
    await user.keyboard("{End}");
    expect(focused()).toBe('"note": null');
    await user.keyboard("{ArrowDown}");
    expect(focused()).toBe('"note": null');
    await user.keyboard("{Home}{ArrowUp}");
    expect(focused()).toBe("{");
    expect(items().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
  });

  test("goes into values and out of them, opening and closing", async () => {
    const user = await begin();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowRight}");
    expect(focused()).toBe('"value": 101.40,');
    await user.keyboard("{ArrowLeft}");
    expect(focused()).toBe('"amount": {');
    await user.keyboard("{ArrowLeft}");
    expect(item(/amount/)).toHaveAttribute("aria-expanded", "false");
    await user.keyboard("{ArrowRight}");
    expect(item(/amount/)).toHaveAttribute("aria-expanded", "true");
    await user.keyboard("{Enter}");
    expect(item(/amount/)).toHaveAttribute("aria-expanded", "false");
    await user.keyboard(" ");
    expect(item(/amount/)).toHaveAttribute("aria-expanded", "true");
    await user.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(focused()).toBe("{");
  });

  test("shows a long string, and more of a long list", async () => {
    const user = await begin(<Json value={{ s: "x\ny", l: new Array(150).fill(0) }} bare />);
    await user.keyboard("{ArrowDown}{Enter}");
    expect(texts()[1]).toContain("x\ny");
    await user.keyboard("{End}");
    expect(focused()).toBe("Show 50 more of 50");
    await user.keyboard("{Enter}");
    expect(items()).toHaveLength(153);
    expect(document.activeElement).toBe(items()[103]);
  });

  test("leaves other keys to the page", async () => {
    await begin();
    for (const key of ["j", "c", "/", "Escape"]) {
      expect(fireEvent.keyDown(document.activeElement as Element, { key })).toBe(true);
    }
    expect(fireEvent.keyDown(document.activeElement as Element, { key: "ArrowDown", altKey: true })).toBe(
      true,
    );
  });
});

describe("copying", () => {
  const copied = () => navigator.clipboard.readText();

  /** Presses a button of the row that the pointer is on. */
  async function press(row: HTMLElement, name: string) {
    fireEvent.pointerOver(row);
    await act(async () => fireEvent.click(within(row).getByRole("button", { name })));
  }

  test("a value gives it as it was sent, a string what it says", async () => {
    userEvent.setup();
    const text = String.raw`{"a": {"b": 1.10, "b": 2}, "s": "x\"\n"}`;
    render(<Json text={text} bare />);
    await press(item(/"a"/), "Copy value");
    expect(await copied()).toBe('{"b": 1.10, "b": 2}');
    await press(item(/"s"/), "Copy value");
    expect(await copied()).toBe('x"\n');
    expect(document.getElementById("announcements")).toHaveTextContent("Copied");
    expect(item(/"a"/)).toHaveAttribute("aria-expanded", "true");
  });

  test("a path gives its pointer", async () => {
    userEvent.setup();
    render(<Json value={{ "a/b": [{ "~": 1 }] }} bare />);
    await press(item(/"~"/), "Copy path");
    expect(await copied()).toBe("/a~1b/0/~0");
  });

  test("is by the keys for it, too, and by Tab to the buttons of the row", async () => {
    const user = userEvent.setup();
    render(<Json text={EVENT} bare />);
    await user.tab();
    await user.keyboard("{ArrowDown}{Control>}c{/Control}");
    expect(await copied()).toBe("evt_1");
    await user.tab();
    expect(document.activeElement).toHaveAccessibleName("Copy value");
    await user.tab();
    await user.keyboard("{Enter}");
    expect(await copied()).toBe("/id");
  });

  test("everything gives the text", async () => {
    const user = userEvent.setup();
    render(<Json text={EVENT} />);
    await user.click(screen.getByRole("button", { name: "Copy" }));
    expect(await copied()).toBe(EVENT);
  });
});

describe("marks", () => {
  const TEXT = '{"user":{"email":"[REDACTED:email]","deep":{"iban":"x"}},"note":"call [REDACTED:phone] now"}';

  test("stand at what they are about, and are counted where it is folded", () => {
    render(
      <Json
        text={TEXT}
        collapsedDepth={2}
        marks={[
          { pointer: "/user/email", label: "email, masked" },
          { pointer: "/user/deep/iban", label: "IBAN" },
          { pointer: "/user/phone", label: "phone" },
        ]}
      />,
    );
    expect(item(/"email"/).textContent).toContain("email, masked");
    expect(item(/"deep"/).textContent).toContain("1 redacted inside");
    expect(item(/"phone"/).textContent).toBe('"phone": removedphone');
  });

  test("within a string show where", () => {
    render(<Json text={TEXT} marks={[{ pointer: "/note", label: "phone", start: 5, end: 21 }]} />);
    expect(item(/"note"/).querySelector("mark")).toHaveTextContent("[REDACTED:phone]");
  });

  test("that come later are shown, and what was open stays", async () => {
    const user = userEvent.setup();
    const { rerender } = render(<Json text={TEXT} />);
    await user.click(item(/"deep"/));
    await act(async () =>
      rerender(<Json text={TEXT} marks={[{ pointer: "/user/deep/iban", label: "IBAN" }]} />),
    );
    expect(item(/"deep"/).textContent).toContain("1 redacted inside");
  });
});

describe("the pieces of a string", () => {
  const at = (start: number, end: number) => ({ pointer: "", label: "x", start, end });
  const told = (text: string, ...marks: ReturnType<typeof at>[]) => {
    return piecesOf(text, marks).map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text));
  };

  test.each([
    ["abc", [], ["abc"]],
    ["", [at(0, 5)], [""]],
    ["abcdef", [at(2, 4)], ["ab", "[cd]", "ef"]],
    ["abcdef", [at(4, 6), at(0, 2)], ["[ab]", "cd", "[ef]"]],
    ["abcdef", [at(1, 4), at(2, 6)], ["a", "[bcd]", "[ef]"]],
    ["abcdef", [at(3, 3), at(4, 2)], ["abcdef"]],
    ["abc", [at(1, 99)], ["a", "[bc]"]],
    ["😀a😀b", [at(1, 3)], ["😀", "[a😀]", "b"]],
  ])("%j %j", (text, marks, expected) => {
    expect(told(text, ...marks)).toEqual(expected);
  });

  test("are not made by what is about the key", () => {
    expect(piecesOf("abc", [{ ...at(0, 2), inKey: true }])).toEqual([{ text: "abc", isMarked: false }]);
  });
});
