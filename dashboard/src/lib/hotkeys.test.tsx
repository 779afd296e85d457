import { act, fireEvent, render, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CHORD_MS,
  createHotkeys,
  type Hotkey,
  isApple,
  type KeyStroke,
  normalKeys,
  strokeOf,
  useHotkeys,
  useRegisteredHotkeys,
} from "./hotkeys";

interface Sent extends KeyStroke {
  prevented: boolean;
}

function key(name: string, over: Partial<KeyStroke> = {}): Sent {
  const event: Sent = {
    key: name,
    code: /^[a-z]$/i.test(name) ? `Key${name.toUpperCase()}` : "",
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    repeat: false,
    isComposing: false,
    defaultPrevented: false,
    timeStamp: 0,
    target: document.body,
    prevented: false,
    preventDefault() {
      event.prevented = true;
    },
    getModifierState: () => false,
    ...over,
  };
  return event;
}

let ran: string[] = [];
const does = (name: string, more: Partial<Hotkey> = {}): Hotkey => ({
  run: () => ran.push(name),
  label: `Do ${name}`,
  ...more,
});

beforeEach(() => {
  ran = [];
});
afterEach(() => {
  document.body.replaceChildren();
});

function page(map: Record<string, Hotkey>, apple = false) {
  const hotkeys = createHotkeys(apple);
  hotkeys.register("Page", map);
  return hotkeys;
}

describe("keys as they are written", () => {
  test.each([
    ["mod+k", "mod+k"],
    ["Mod+K", "mod+k"],
    ["shift+mod+k", "mod+shift+k"],
    ["g k", "g k"],
    ["  g   K ", "g k"],
    ["space", " "],
    ["esc", "escape"],
    ["up", "arrowup"],
    ["mod+enter", "mod+enter"],
    ["plus", "+"],
    ["mod++", "mod++"],
    ["/", "/"],
    ["?", "?"],
  ])("%j is %j", (written, normal) => {
    expect(normalKeys(written)).toBe(normal);
  });
});

describe("keys as they are pressed", () => {
  test.each<[string, KeyStroke, string]>([
    ["a letter", key("k"), "k"],
    ["a letter with Caps Lock", key("K"), "k"],
    ["a letter with Shift", key("K", { shiftKey: true }), "shift+k"],
    ["a sign, for which Shift may be needed", key("?", { shiftKey: true }), "?"],
    ["a sign, for which it is not", key("?"), "?"],
    ["with Control", key("k", { ctrlKey: true }), "mod+k"],
    ["with the Windows key", key("k", { metaKey: true }), "meta+k"],
    ["the letter of a Cyrillic keyboard", key("л", { code: "KeyK" }), "k"],
    ["the letter of a keyboard of other order", key("a", { code: "KeyQ" }), "a"],
    ["a sign of the third level", key("/", { ctrlKey: true, altKey: true }), "/"],
    ["a sign with AltGr", key("@", { ctrlKey: true, altKey: true, getModifierState: () => true }), "@"],
    ["a letter with Alt", key("k", { altKey: true }), "alt+k"],
    ["space", key(" "), " "],
    ["an arrow with Shift", key("ArrowUp", { shiftKey: true }), "shift+arrowup"],
  ])("%s", (_, event, stroke) => {
    expect(strokeOf(event, false)).toBe(stroke);
  });

  test("on Apple's keyboards Command is mod and Control is not", () => {
    expect(strokeOf(key("k", { metaKey: true }), true)).toBe("mod+k");
    expect(strokeOf(key("k", { ctrlKey: true }), true)).toBe("ctrl+k");
  });

  test.each([
    ["MacIntel", true],
    ["iPhone", true],
    ["Win32", false],
    ["Linux x86_64", false],
    ["", false],
  ])("%j has Apple's keyboard: %j", (platform, expected) => {
    expect(isApple(platform)).toBe(expected);
  });
});

describe("a shortcut", () => {
  test("runs, and the browser does nothing", () => {
    const event = key("/");
    page({ "/": does("filter") }).handle(event);
    expect(ran).toEqual(["filter"]);
    expect(event.prevented).toBe(true);
  });

  test("does not run for other keys, which stay the browser's", () => {
    const hotkeys = page({ k: does("up"), "mod+k": does("palette") });
    for (const event of [key("l"), key("k", { altKey: true }), key("k", { shiftKey: true })]) {
      hotkeys.handle(event);
      expect(event.prevented).toBe(false);
    }
    expect(ran).toEqual([]);
    hotkeys.handle(key("k", { ctrlKey: true }));
    expect(ran).toEqual(["palette"]);
  });

  test("does not run when somebody has dealt with the key, or while it is composed", () => {
    const hotkeys = page({ k: does("up") });
    hotkeys.handle(key("k", { defaultPrevented: true }));
    hotkeys.handle(key("k", { isComposing: true }));
    hotkeys.handle(key("Process"));
    expect(ran).toEqual([]);
  });

  test("runs once while its key is held, unless it moves", () => {
    const hotkeys = page({
      c: does("create"),
      j: does("down"),
      x: does("x", { repeat: true }),
      k: does("k", { repeat: false }),
    });
    for (const name of ["c", "j", "x", "k"]) {
      hotkeys.handle(key(name));
      const held = key(name, { repeat: true });
      hotkeys.handle(held);
      expect(held.prevented).toBe(true);
    }
    expect(ran).toEqual(["create", "down", "down", "x", "x", "k"]);
  });

  test("of the last to register is the one", () => {
    const hotkeys = page({ c: does("page") });
    const leave = hotkeys.register("Panel", { c: does("panel") });
    hotkeys.handle(key("c"));
    leave();
    leave();
    hotkeys.handle(key("c"));
    expect(ran).toEqual(["panel", "page"]);
  });
});

describe("a chord", () => {
  const chords = () => page({ "g k": does("keys"), "g l": does("live"), k: does("up"), "?": does("help") });
  const at = (timeStamp: number, more: Partial<KeyStroke> = {}) => ({ timeStamp, ...more });

  test("is two keys after each other", () => {
    const hotkeys = chords();
    hotkeys.handle(key("g", at(0)));
    hotkeys.handle(key("k", at(CHORD_MS)));
    hotkeys.handle(key("k", at(CHORD_MS + 1)));
    expect(ran).toEqual(["keys", "up"]);
  });

  test("ends when the second key takes too long: then that is a key of its own", () => {
    const hotkeys = chords();
    hotkeys.handle(key("g", at(0)));
    hotkeys.handle(key("k", at(CHORD_MS + 1)));
    expect(ran).toEqual(["up"]);
  });

  test("that there is none of does nothing, and is over", () => {
    const hotkeys = page({ "g k": does("keys"), c: does("create") });
    hotkeys.handle(key("g", at(0)));
    hotkeys.handle(key("c", at(1)));
    expect(ran).toEqual([]);
    hotkeys.handle(key("c", at(2)));
    expect(ran).toEqual(["create"]);
  });

  test("is not ended by a modifier or by the first key being held", () => {
    const hotkeys = page({ "g ?": does("help"), "g g": does("top") });
    hotkeys.handle(key("g", at(0)));
    hotkeys.handle(key("g", at(1, { repeat: true })));
    hotkeys.handle(key("Shift", at(2, { shiftKey: true })));
    hotkeys.handle(key("?", at(3, { shiftKey: true })));
    expect(ran).toEqual(["help"]);
    hotkeys.handle(key("g", at(4)));
    hotkeys.handle(key("g", at(5)));
    expect(ran).toEqual(["help", "top"]);
  });

  test("cannot begin while typing, nor go on there", () => {
    const hotkeys = chords();
    const field = document.body.appendChild(document.createElement("input"));
    hotkeys.handle(key("g", at(0, { target: field })));
    hotkeys.handle(key("k", at(1)));
    expect(ran).toEqual(["up"]);
    hotkeys.handle(key("g", at(2)));
    hotkeys.handle(key("k", at(3, { target: field })));
    expect(ran).toEqual(["up"]);
  });
});

describe("where one types", () => {
  function within(html: string): Element {
    document.body.innerHTML = html;
    return document.querySelector("[data-here]") as Element;
  }

  test.each([
    "<input data-here>",
    "<input type=search data-here>",
    "<input type=password data-here>",
    "<textarea data-here></textarea>",
    "<select data-here></select>",
    "<div contenteditable><b data-here></b></div>",
    "<div contenteditable=plaintext-only data-here></div>",
    "<div role=textbox data-here></div>",
    "<ul role=listbox><li role=option data-here></li></ul>",
    "<div role=menu><span data-here></span></div>",
    "<button role=combobox data-here></button>",
  ])("letters are letters: %s", (html) => {
    const target = within(html);
    const hotkeys = page({
      j: does("down"),
      "/": does("filter"),
      "mod+k": does("palette"),
      esc: does("close", { always: true }),
    });
    hotkeys.handle(key("j", { target }));
    hotkeys.handle(key("/", { target }));
    expect(ran).toEqual([]);
    hotkeys.handle(key("k", { ctrlKey: true, target }));
    hotkeys.handle(key("Escape", { target }));
    expect(ran).toEqual(["palette", "close"]);
  });

  test.each([
    "<input type=checkbox data-here>",
    "<input type=radio data-here>",
    "<button data-here></button>",
    "<div contenteditable=false data-here></div>",
    "<main tabindex=0 data-here></main>",
    "<div role=dialog><p data-here></p></div>",
  ])("elsewhere they are shortcuts: %s", (html) => {
    page({ j: does("down") }).handle(key("j", { target: within(html) }));
    expect(ran).toEqual(["down"]);
  });

  test.each([
    ["<button data-here></button>", " "],
    ["<a href=/x data-here></a>", "Enter"],
    ["<input type=radio data-here>", "ArrowDown"],
    ["<div role=tab data-here></div>", "ArrowLeft"],
    ["<button><span data-here></span></button>", " "],
  ])("%s keeps %j for itself", (html, name) => {
    const hotkeys = page({
      space: does("pause"),
      enter: does("open"),
      down: does("down"),
      left: does("left"),
    });
    const event = key(name, { target: within(html) });
    hotkeys.handle(event);
    expect(ran).toEqual([]);
    expect(event.prevented).toBe(false);
  });

  test("the page's shortcuts rest while a dialog hides it", () => {
    document.body.innerHTML =
      "<div aria-hidden=true><main></main></div><div role=dialog><p data-here></p></div>";
    const hotkeys = page({ j: does("down"), "mod+k": does("palette"), esc: does("close", { always: true }) });
    const target = document.querySelector("[data-here]");
    hotkeys.handle(key("j", { target }));
    hotkeys.handle(key("k", { ctrlKey: true, target }));
    hotkeys.handle(key("Escape", { target }));
    expect(ran).toEqual(["close"]);
  });
});

describe("the list of shortcuts", () => {
  test("has each once, as it was written, without those that have no words", () => {
    const hotkeys = page({ "Mod+K": does("palette"), "g k": does("keys"), x: does("hidden", { label: "" }) });
    hotkeys.register("Panel", { "mod+k": does("other") });
    expect(hotkeys.list()).toEqual([
      { scope: "Page", keys: "g k", label: "Do keys" },
      { scope: "Panel", keys: "mod+k", label: "Do other" },
    ]);
    expect(hotkeys.list()).toBe(hotkeys.list());
  });

  test("tells when it has changed", () => {
    const hotkeys = createHotkeys(false);
    let changes = 0;
    const stop = hotkeys.subscribe(() => {
      changes += 1;
    });
    hotkeys.register("Page", {})();
    expect(changes).toBe(2);
    stop();
    hotkeys.register("Page", {});
    expect(changes).toBe(2);
  });
});

describe("in a component", () => {
  test("keys work as long as it is there, and do what it says now", () => {
    function Page({ name, enabled = true }: { name: string; enabled?: boolean }) {
      useHotkeys({ c: does(name, { label: "Create" }) }, { scope: "Here", enabled });
      return null;
    }
    const listed = renderHook(useRegisteredHotkeys);
    const { rerender, unmount } = render(<Page name="one" />);
    const press = () => act(() => void fireEvent.keyDown(document.body, { key: "c", code: "KeyC" }));
    expect(listed.result.current).toEqual([{ scope: "Here", keys: "c", label: "Create" }]);
    press();
    rerender(<Page name="two" />);
    press();
    rerender(<Page name="two" enabled={false} />);
    expect(listed.result.current).toEqual([]);
    press();
    rerender(<Page name="three" />);
    press();
    unmount();
    press();
    expect(ran).toEqual(["one", "two", "three"]);
    expect(listed.result.current).toEqual([]);
  });
});
