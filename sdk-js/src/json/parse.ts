/**
 * Strict JSON: refuses whatever two libraries would read differently, and says where.
 *
 * For what comes as text: `JSON.parse` takes the last of two members of one name, rounds integers that it can't hold,
 * and lets halves of surrogate pairs through; each of them is another event to another reader.
 */

import { InvalidEventError } from "../errors.js";
import { DEPTH_MAX, type Json } from "./bounds.js";

/** Reads one JSON value from a text, or from its bytes in UTF-8. Anything else is refused as `invalid_json`. */
export function parseStrict(json: string | Uint8Array): Json {
  return new Parser(typeof json === "string" ? json : decode(json)).whole();
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidEventError("invalid_json", "these bytes are not UTF-8");
  }
}

// No white space around them, so that each begins where the parser is.
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN_RUN = /[^"\\\u0000-\u001f\ud800-\udfff]*/y;
const WHITE_SPACE = /[ \t\n\r]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): Json {
    if (this.text.startsWith("\uFEFF")) throw this.fault("JSON must not begin with a byte order mark");
    const value = this.value();
    this.whiteSpace();
    if (this.at < this.text.length) throw this.fault("nothing but white space may follow the JSON value");
    return value;
  }

  private value(): Json {
    this.whiteSpace();
    switch (this.text[this.at]) {
      case '"':
        return this.string();
      case "{":
        return this.nested(() => this.object());
      case "[":
        return this.nested(() => this.array());
      case "t":
        return this.literal("true", true);
      case "f":
        return this.literal("false", false);
      case "n":
        return this.literal("null", null);
      default:
        return this.number();
    }
  }

  private nested(read: () => Json): Json {
    if (this.depth === DEPTH_MAX) throw this.fault(`objects and arrays may be nested ${DEPTH_MAX} deep`);
    this.depth += 1;
    this.at += 1; // the opening bracket
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): Json {
    const members: Record<string, Json> = {};
    this.whiteSpace();
    if (this.take("}")) return members;
    for (;;) {
      this.whiteSpace();
      if (this.text[this.at] !== '"') throw this.fault("a member name in double quotes must stand here");
      const nameAt = this.at;
      const name = this.string();
      this.whiteSpace();
      if (!this.take(":")) throw this.fault("a colon must follow the member name");
      const value = this.value();
      if (Object.hasOwn(members, name)) {
        this.at = nameAt;
        throw this.fault("this member name stands twice in one object");
      }
      // Not by assignment: `__proto__` is a name like any other.
      Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
      this.whiteSpace();
      if (this.take("}")) return members;
      if (!this.take(",")) throw this.fault("a comma or a closing brace must follow a member");
    }
  }

  private array(): Json {
    const elements: Json[] = [];
    this.whiteSpace();
    if (this.take("]")) return elements;
    for (;;) {
      elements.push(this.value());
      this.whiteSpace();
      if (this.take("]")) return elements;
      if (!this.take(",")) throw this.fault("a comma or a closing bracket must follow an element");
    }
  }

  private literal(word: string, value: Json): Json {
    if (!this.text.startsWith(word, this.at)) throw this.fault("a JSON value must stand here");
    this.at += word.length;
    return value;
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw this.fault("a JSON value must stand here");
    const [literal, fraction, exponent] = found;
    const number = Number(literal);
    if (!Number.isFinite(number)) throw this.fault("this number is larger than any double");
    // Rounding never brings an integer that is too large back within the bound.
    if (fraction === undefined && exponent === undefined && !Number.isSafeInteger(number)) {
      throw this.fault(`integers must lie within ±${Number.MAX_SAFE_INTEGER}; send a larger one as a string`);
    }
    this.at += literal.length;
    if (/[0-9]/.test(this.text[this.at] ?? "")) throw this.fault("this is not a number as JSON writes it");
    return number;
  }

  private string(): string {
    this.at += 1; // the opening quote
    let string = this.plainRun();
    for (;;) {
      const next = this.text[this.at];
      if (next === '"') {
        this.at += 1;
        return string;
      }
      if (next === undefined) throw this.fault("the JSON ends before it is complete");
      if (next === "\\") string += this.escape();
      else if (next < " ") throw this.fault("a control character in a string must be escaped");
      else string += this.pair(() => this.text.charCodeAt(this.at++));
      string += this.plainRun();
    }
  }

  private plainRun(): string {
    PLAIN_RUN.lastIndex = this.at;
    const run = PLAIN_RUN.exec(this.text)?.[0] ?? "";
    this.at += run.length;
    return run;
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? "";
    if (letter === "u") return this.pair(() => this.escapedUnit());
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (character === undefined) throw this.fault("JSON knows no such escape");
    this.at += 2;
    return character;
  }

  /** A character of one unit, or of two when the first is half of a pair; both are written in the same way. */
  private pair(unit: () => number): string {
    const start = this.at;
    const first = unit();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    const isSecondThere =
      first < 0xdc00 &&
      this.at < this.text.length &&
      (this.text[start] !== "\\" || this.text.startsWith("\\u", this.at));
    const second = isSecondThere ? unit() : 0;
    if (second < 0xdc00 || second > 0xdfff) {
      this.at = start;
      throw this.fault("half of a surrogate pair is no character");
    }
    return String.fromCharCode(first, second);
  }

  private escapedUnit(): number {
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.fault("JSON knows no such escape");
    this.at += 6;
    return Number.parseInt(digits, 16);
  }

  private whiteSpace(): void {
    WHITE_SPACE.lastIndex = this.at;
    this.at += WHITE_SPACE.exec(this.text)?.[0].length ?? 0;
  }

  private take(character: string): boolean {
    const found = this.text[this.at] === character;
    if (found) this.at += 1;
    return found;
  }

  private fault(detail: string): InvalidEventError {
    const isCut = this.at >= this.text.length;
    const told = isCut ? "the JSON ends before it is complete" : detail;
    return new InvalidEventError("invalid_json", `${told} (at character ${this.at})`);
  }
}
