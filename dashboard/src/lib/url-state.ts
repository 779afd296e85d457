/**
 * The state of a page in its address. A page says what it keeps (`useUrlState({ q: text(), type: list() })`); what is at
 * its default is left out, what is malformed is the default, and what other parts keep in the address stays as it is.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { type Range, rangeToText, textToRange } from "./time";

/** The search part of an address, as `parseSearch` reads it. */
export type SearchParams = Record<string, string | string[]>;

/** How one value stands in the address. */
export interface Codec<T> {
  /** Of no parameter, and of one that is malformed, the default. */
  parse(raw: string[]): T;
  /** No text: the parameter is left out. */
  format(value: T): string[];
}

export type Schema = Record<string, Codec<unknown>>;
export type StateOf<S extends Schema> = { [Key in keyof S]: S[Key] extends Codec<infer T> ? T : never };

const TEXT_CHARS_MAX = 4096;
const LIST_ITEMS_MAX = 100;

const isText = (raw: string | undefined): raw is string => raw !== undefined && raw.length <= TEXT_CHARS_MAX;

/** A text. */
export function text(byDefault = ""): Codec<string> {
  return {
    parse: ([raw]) => (isText(raw) ? raw : byDefault),
    format: (value) => (value === byDefault ? [] : [value]),
  };
}

/** A text that may be missing: an id that is selected, a dialog that is open. An empty one is a missing one. */
export function optional(): Codec<string | undefined> {
  return {
    parse: ([raw]) => (isText(raw) && raw !== "" ? raw : undefined),
    format: (value) => (value === undefined || value === "" ? [] : [value]),
  };
}

/** Texts, each once, in their order. */
export function list(): Codec<string[]> {
  const clean = (items: string[]) => [...new Set(items.filter((item) => item !== ""))];
  return {
    parse: (raw) => clean(raw.filter(isText)).slice(0, LIST_ITEMS_MAX),
    format: clean,
  };
}

/** One of these. */
export function oneOf<const T extends string>(values: readonly T[], byDefault: NoInfer<T>): Codec<T> {
  return {
    parse: ([raw]) => values.find((value) => value === raw) ?? byDefault,
    format: (value) => (value === byDefault ? [] : [value]),
  };
}

/** Yes or no. */
export function flag(): Codec<boolean> {
  return { parse: ([raw]) => raw === "1", format: (value) => (value ? ["1"] : []) };
}

/** A whole number within bounds. */
export function whole(byDefault: number, min: number, max: number): Codec<number> {
  return {
    parse: ([raw]) => {
      const value = raw !== undefined && /^-?\d{1,15}$/.test(raw) ? Number(raw) : byDefault;
      return value >= min && value <= max ? value : byDefault;
    },
    format: (value) => (value === byDefault ? [] : [String(value)]),
  };
}

/** A range of time. */
export function range(preset = "1h"): Codec<Range> {
  return {
    parse: ([raw]) => textToRange(raw ?? preset, { preset }),
    format: (value) => {
      const told = rangeToText(value);
      return told === preset ? [] : [told];
    },
  };
}

/** `?a=1&a=2&b=x` to `{ a: ["1", "2"], b: "x" }`: every value a text, as it was written. */
export function parseSearch(search: string): SearchParams {
  const found = new Map<string, string | string[]>();
  for (const [key, value] of new URLSearchParams(search)) {
    if (key === "__proto__") continue;
    const before = found.get(key);
    found.set(
      key,
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value],
    );
  }
  return Object.fromEntries(found);
}

/** The same the other way: empty, or with its `?`. */
export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of textsOf(value)) pairs.append(key, item);
  }
  const told = pairs.toString();
  return told === "" ? "" : `?${told}`;
}

/** The texts of a parameter, whoever read it: other parsers make numbers and booleans of what looks so. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => (Array.isArray(item) ? [] : textsOf(item)));
  if (typeof value === "string") return [value];
  return typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
}

const parameter = (search: Record<string, unknown>, key: string) => {
  return Object.hasOwn(search, key) ? textsOf(search[key]) : [];
};

const isSame = (a: string[], b: string[]) =>
  a.length === b.length && a.every((item, index) => item === b[index]);

/** What the address says. A value that is as before is the same one as before, so that nothing is drawn anew for it. */
export function readState<S extends Schema>(
  schema: S,
  search: Record<string, unknown>,
  before?: StateOf<S>,
): StateOf<S> {
  let changed = before === undefined;
  const state: Record<string, unknown> = {};
  for (const [key, codec] of Object.entries(schema)) {
    const value = codec.parse(parameter(search, key));
    const old = before?.[key];
    if (before !== undefined && isSame(codec.format(old), codec.format(value))) {
      state[key] = old;
    } else {
      state[key] = value;
      changed = true;
    }
  }
  return changed ? (state as StateOf<S>) : (before as StateOf<S>);
}

/** The address after a change: of what the schema names only what the change names, the rest as it was. */
export function writeState<S extends Schema>(
  schema: S,
  search: Record<string, unknown>,
  change: Partial<StateOf<S>>,
): SearchParams {
  const next = new Map<string, string | string[]>();
  for (const key of Object.keys(search)) {
    const texts = parameter(search, key);
    if (texts.length > 0) next.set(key, texts.length === 1 ? (texts[0] as string) : texts);
  }
  for (const [key, codec] of Object.entries(schema)) {
    if (!Object.hasOwn(change, key)) continue;
    const texts = codec.format(change[key]);
    if (texts.length === 0) next.delete(key);
    else next.set(key, texts.length === 1 ? (texts[0] as string) : texts);
  }
  return Object.fromEntries(next);
}

export interface SetOptions {
  /** Takes the place of the address in the history: for what changes while one types. */
  replace?: boolean;
}

type Change<S extends Schema> = Partial<StateOf<S>> | ((state: StateOf<S>) => Partial<StateOf<S>>);

/** The state of the page, and how to change it. The schema is read once. */
export function useUrlState<S extends Schema>(
  schema: S,
): [state: StateOf<S>, setState: (change: Change<S>, options?: SetOptions) => void] {
  const [fixed] = useState(schema);
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const last = useRef<StateOf<S>>(undefined);
  last.current = readState(fixed, search, last.current);

  const setState = useCallback(
    (change: Change<S>, { replace = false }: SetOptions = {}) => {
      const next = (current: Record<string, unknown>) => {
        const made = typeof change === "function" ? change(readState(fixed, current)) : change;
        return writeState(fixed, current, made);
      };
      void navigate({ to: ".", search: next as never, replace, resetScroll: false });
    },
    [fixed, navigate],
  );
  return [last.current, setState];
}
