/**
 * Keyboard shortcuts: one listener for the page, and a register of who wants which keys. The rules are in `createHotkeys`,
 * which knows of no clock but the time that each event carries.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Hotkey {
  run(): void;
  /** What it does, for the list of shortcuts: a verb. */
  label: string;
  /** Also while typing, and over a dialog. */
  always?: boolean;
  /** Again and again while the key is held down; moving up and down a list is so by itself. */
  repeat?: boolean;
}

export interface RegisteredHotkey {
  scope: string;
  keys: string;
  label: string;
}

/** The part of a `KeyboardEvent` that counts. */
export type KeyStroke = Pick<
  KeyboardEvent,
  | "key"
  | "code"
  | "altKey"
  | "ctrlKey"
  | "metaKey"
  | "shiftKey"
  | "repeat"
  | "isComposing"
  | "defaultPrevented"
  | "timeStamp"
  | "target"
  | "preventDefault"
  | "getModifierState"
>;

interface Layer {
  scope: string;
  keys: Map<string, { written: string; hotkey: Hotkey }>;
}

export interface Hotkeys {
  register(scope: string, map: Record<string, Hotkey>): () => void;
  handle(event: KeyStroke): void;
  list(): readonly RegisteredHotkey[];
  subscribe(onChange: () => void): () => void;
}

/** So long the second key of a chord may take. */
export const CHORD_MS = 1500;
export const DEFAULT_SCOPE = "This page";

const NAMES: Record<string, string> = {
  space: " ",
  esc: "escape",
  up: "arrowup",
  down: "arrowdown",
  left: "arrowleft",
  right: "arrowright",
  plus: "+",
};
const MODIFIERS = ["mod", "ctrl", "meta", "alt", "shift"];
const MODIFIER_KEYS = new Set([
  "Shift",
  "Control",
  "Alt",
  "Meta",
  "AltGraph",
  "CapsLock",
  "Fn",
  "Dead",
  "Process",
]);
const MOVES = new Set(["j", "k", "arrowup", "arrowdown", "arrowleft", "arrowright", "pageup", "pagedown"]);

/** `Mod+K` and `G k` in the one way in which they are compared. */
export function normalKeys(written: string): string {
  return written
    .trim()
    .split(/\s+/)
    .map((stroke) => {
      const parts = stroke.toLowerCase().split("+").filter(Boolean);
      const key = stroke.endsWith("+") ? "+" : (parts.pop() ?? "");
      const held = MODIFIERS.filter((modifier) => parts.includes(modifier));
      return [...held, NAMES[key] ?? key].join("+");
    })
    .join(" ");
}

/** The stroke of an event. Of a letter it is the key's letter whatever the layout; of a sign, the sign itself. */
export function strokeOf(event: KeyStroke, apple: boolean): string {
  const key = event.key.toLowerCase();
  const isSign = key.length === 1 && !/[\p{L} ]/u.test(key);
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const name = !isSign && key.length === 1 && !/[a-z ]/.test(key) && letter !== undefined ? letter : key;
  // A sign that takes the third level of a keyboard arrives with Control and Alt held.
  const isThirdLevel =
    isSign && (event.getModifierState?.("AltGraph") === true || (event.altKey && event.ctrlKey));
  const held = [];
  if (!isThirdLevel) {
    if (apple ? event.metaKey : event.ctrlKey) held.push("mod");
    if (apple && event.ctrlKey) held.push("ctrl");
    if (!apple && event.metaKey) held.push("meta");
    if (event.altKey) held.push("alt");
  }
  if (event.shiftKey && !isSign) held.push("shift");
  return [...held, name].join("+");
}

const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable='false']), [role='textbox']";
const NOT_TYPED_IN = new Set([
  "button",
  "checkbox",
  "color",
  "file",
  "image",
  "radio",
  "range",
  "reset",
  "submit",
]);
/** These find what is typed by its first letters. */
const TYPED_AT = "[role='menu'], [role='menubar'], [role='listbox'], [role='combobox']";
const PRESSED =
  "button, a[href], summary, [role='button'], [role='link'], [role='tab'], [role='switch'], [role='radio'],".concat(
    " [role='checkbox'], [role='treeitem'], [role='slider'], input",
  );

function isTypedIn(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest(FIELDS);
  if (field instanceof HTMLInputElement) return !NOT_TYPED_IN.has(field.type);
  return field !== null || target.closest(TYPED_AT) !== null;
}

/** A dialog that hides the page from screen readers takes the keys of the page, too. */
function isBehindDialog(): boolean {
  return document.querySelector("main")?.closest("[aria-hidden='true'], [inert]") != null;
}

/** Space, Enter and arrows belong to what has the focus, if it takes them. */
function isPressing(target: EventTarget | null, stroke: string): boolean {
  const isPress = stroke === " " || stroke === "enter" || stroke.startsWith("arrow");
  return isPress && target instanceof Element && target.closest(PRESSED) !== null;
}

export function createHotkeys(apple: boolean): Hotkeys {
  const layers: Layer[] = [];
  const listeners = new Set<() => void>();
  let listed: readonly RegisteredHotkey[] | undefined;
  let begun: { stroke: string; until: number } | undefined;

  function changed() {
    listed = undefined;
    for (const listener of listeners) listener();
  }

  /** The last to register has the word. */
  function find(keys: string): Hotkey | undefined {
    for (let index = layers.length - 1; index >= 0; index -= 1) {
      const found = layers[index]?.keys.get(keys);
      if (found !== undefined) return found.hotkey;
    }
    return undefined;
  }

  const begins = (stroke: string) => {
    return layers.some(({ keys }) => [...keys.keys()].some((chord) => chord.startsWith(`${stroke} `)));
  };

  function run(hotkey: Hotkey, event: KeyStroke, stroke: string) {
    event.preventDefault();
    if (!event.repeat || hotkey.repeat === true || (hotkey.repeat !== false && MOVES.has(stroke)))
      hotkey.run();
  }

  return {
    register(scope, map) {
      const keys = Object.entries(map).map(
        ([written, hotkey]) => [normalKeys(written), { written, hotkey }] as const,
      );
      const layer: Layer = { scope, keys: new Map(keys) };
      layers.push(layer);
      changed();
      return () => {
        const index = layers.indexOf(layer);
        if (index < 0) return;
        layers.splice(index, 1);
        changed();
      };
    },

    handle(event) {
      if (event.defaultPrevented || event.isComposing || MODIFIER_KEYS.has(event.key)) return;
      const stroke = strokeOf(event, apple);
      const first = begun;
      const isTyping = isTypedIn(event.target) && !stroke.startsWith("mod+");
      const isHeldBack = isTyping || isBehindDialog();
      if (!event.repeat) begun = undefined;

      if (first !== undefined && !event.repeat && !isHeldBack && event.timeStamp <= first.until) {
        // Whatever it is, it was meant as the second key: on its own it does nothing.
        const chord = find(`${first.stroke} ${stroke}`);
        if (chord !== undefined) run(chord, event, stroke);
        return;
      }
      const hotkey = find(stroke);
      if (isHeldBack) {
        if (hotkey?.always === true) run(hotkey, event, stroke);
        return;
      }
      if (begins(stroke)) {
        if (!event.repeat) begun = { stroke, until: event.timeStamp + CHORD_MS };
        return;
      }
      if (hotkey !== undefined && !isPressing(event.target, stroke)) run(hotkey, event, stroke);
    },

    list() {
      if (listed === undefined) {
        const byKeys = new Map<string, RegisteredHotkey>();
        for (const { scope, keys } of layers) {
          for (const [normal, { written, hotkey }] of keys) {
            byKeys.delete(normal);
            if (hotkey.label !== "") byKeys.set(normal, { scope, keys: written, label: hotkey.label });
          }
        }
        listed = [...byKeys.values()];
      }
      return listed;
    },

    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

/** Whether `mod` is Command. */
export function isApple(platform = globalThis.navigator?.platform ?? ""): boolean {
  return /^(mac|iphone|ipad)/i.test(platform);
}

const hotkeys = createHotkeys(isApple());
let users = 0;

/** The page's own register listens as long as anybody wants keys. */
function use(scope: string, map: Record<string, Hotkey>): () => void {
  if (users === 0) document.addEventListener("keydown", hotkeys.handle);
  users += 1;
  const leave = hotkeys.register(scope, map);
  return () => {
    leave();
    users -= 1;
    if (users === 0) document.removeEventListener("keydown", hotkeys.handle);
  };
}

export interface HotkeysOptions {
  /** The heading under which they are listed. */
  scope?: string;
  enabled?: boolean;
}

/**
 * Listens for keys as long as the component is there: `mod+k`, `g k` (one after the other), `/`, `j`, `space`, `?`.
 * Nothing happens while typing in a field, except for keys with `mod`.
 */
export function useHotkeys(map: Record<string, Hotkey>, options: HotkeysOptions = {}): void {
  const { scope = DEFAULT_SCOPE, enabled = true } = options;
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  // Registered anew only when there are other keys, not when the page is drawn again.
  const shape = JSON.stringify(
    Object.entries(map).map(([keys, { label, always, repeat }]) => ({ keys, label, always, repeat })),
  );
  useEffect(() => {
    if (!enabled) return undefined;
    const stable: Record<string, Hotkey> = {};
    for (const { keys, ...rest } of JSON.parse(shape) as (Omit<Hotkey, "run"> & { keys: string })[]) {
      stable[keys] = { ...rest, run: () => latest.current[keys]?.run() };
    }
    return use(scope, stable);
  }, [shape, scope, enabled]);
}

/** All that are registered now, for the list that `?` opens. */
export function useRegisteredHotkeys(): readonly RegisteredHotkey[] {
  return useSyncExternalStore(hotkeys.subscribe, hotkeys.list);
}
