/**
 * Reads JSON text for being looked at, not for being computed with: numbers and escapes stay as they were written, keys
 * that come twice are both there, and text that breaks off gives what was read up to there. It keeps its own stack, so
 * that no nesting is too deep, and never throws.
 */

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

export interface JsonNode {
  /** Counts up in the order of the text. */
  id: number;
  kind: JsonKind;
  /** Where it stands in the text. */
  start: number;
  end: number;
  /** How many it is within. */
  depth: number;
  parent?: JsonNode;
  /** Its place among its siblings. */
  index: number;
  /** Of a member of an object: its key, decoded. */
  key?: string;
  /** Its key stood there before. */
  isRepeated?: boolean;
  /** Of objects and arrays. */
  children?: JsonNode[];
}

export interface JsonDocument {
  text: string;
  root?: JsonNode;
  /** Where reading ended, and why, if it did not reach the end. */
  problem?: { at: number; expected: string };
}

const BLANK = new Set([" ", "\t", "\n", "\r", "\ufeff"]);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, JsonKind])[] = [
  ["true", "boolean"],
  ["false", "boolean"],
  ["null", "null"],
];

class Reader {
  private at = 0;
  private ids = 0;
  /** The containers that are open, each with the keys it has so far. */
  private readonly open: { node: JsonNode; keys?: Set<string> }[] = [];
  private root: JsonNode | undefined;
  private key: string | undefined;
  private expected = "";

  constructor(private readonly text: string) {}

  read(): JsonDocument {
    const isWhole = this.values();
    this.blank();
    if (isWhole && this.at === this.text.length) return { text: this.text, root: this.root };
    if (isWhole) this.expected = "the end";
    for (const { node } of this.open) node.end = this.at;
    return { text: this.text, root: this.root, problem: { at: this.at, expected: this.expected } };
  }

  /** One value with all that is in it: a turn of the loop for each. */
  private values(): boolean {
    do {
      if (!this.value()) return false;
      // What follows a value: the ends of containers, then a comma and the next member, or the end.
      for (let isNext = false; !isNext; ) {
        const within = this.open.at(-1);
        if (within === undefined) return true;
        const next = this.next(within.node);
        if (next === undefined) return false;
        isNext = next;
      }
    } while (this.open.length > 0);
    return true;
  }

  /** Goes to the next value of a container (true), or out of it (false); nothing when neither is there. */
  private next(within: JsonNode): boolean | undefined {
    const isObject = within.kind === "object";
    const close = isObject ? "}" : "]";
    this.blank();
    const isFirst = within.children?.length === 0;
    if (this.take(close)) {
      within.end = this.at;
      this.open.pop();
      return false;
    }
    if (!isFirst && !this.take(",")) return this.fail(`"," or "${close}"`);
    return isObject ? this.memberKey() : true;
  }

  private memberKey(): true | undefined {
    this.blank();
    const start = this.at;
    if (!this.string()) return this.fail("a key");
    const key = decodeString(this.text.slice(start, this.at));
    this.blank();
    if (!this.take(":")) return this.fail('":"');
    this.key = key;
    return true;
  }

  private value(): boolean {
    this.blank();
    const start = this.at;
    const sign = this.text[start];
    if (sign === "{" || sign === "[") {
      this.at += 1;
      const node = this.add(sign === "{" ? "object" : "array", start);
      node.children = [];
      this.open.push({ node });
      return true;
    }
    const kind = this.scalar(sign);
    if (kind === undefined) {
      this.expected = "a value";
      return false;
    }
    this.add(kind, start);
    return true;
  }

  private scalar(sign: string | undefined): JsonKind | undefined {
    if (sign === '"') return this.string() ? "string" : undefined;
    for (const [word, kind] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return kind;
    }
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) return undefined;
    this.at = NUMBER.lastIndex;
    return "number";
  }

  private add(kind: JsonKind, start: number): JsonNode {
    const within = this.open.at(-1);
    const parent = within?.node;
    const node: JsonNode = { id: this.ids, kind, start, end: this.at, depth: this.open.length, index: 0 };
    this.ids += 1;
    if (parent === undefined || within === undefined) {
      this.root = node;
      return node;
    }
    node.parent = parent;
    node.index = parent.children?.length ?? 0;
    if (this.key !== undefined) {
      node.key = this.key;
      within.keys ??= new Set();
      if (within.keys.has(this.key)) node.isRepeated = true;
      within.keys.add(this.key);
      this.key = undefined;
    }
    parent.children?.push(node);
    return node;
  }

  /** Goes past a string; stays where it is when there is none, or when it has no end. */
  private string(): boolean {
    if (this.text[this.at] !== '"') return false;
    for (let at = this.at + 1; at < this.text.length; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === 0x5c) {
        at += 1;
      } else if (code === 0x22) {
        this.at = at + 1;
        return true;
      }
    }
    return false;
  }

  private blank(): void {
    while (BLANK.has(this.text.charAt(this.at))) this.at += 1;
  }

  private take(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private fail(expected: string): undefined {
    this.expected = expected;
    return undefined;
  }
}

export function parseJson(text: string): JsonDocument {
  return new Reader(text).read();
}

const ESCAPES: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** What a string says, given with its quotes. An escape that is none stays as it was written. */
export function decodeString(raw: string): string {
  const inner = raw.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  return inner.replace(
    /\\(?:u([0-9a-fA-F]{4})|([^u]))/g,
    (whole, hex: string | undefined, sign: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return ESCAPES[sign ?? ""] ?? whole;
    },
  );
}

/** The value as it was written. */
export function rawOf({ text }: JsonDocument, node: JsonNode): string {
  return text.slice(node.start, node.end);
}

/** The steps from the root to the value, as a JSON Pointer has them. */
export function stepsOf(node: JsonNode): string[] {
  const steps: string[] = [];
  for (let at: JsonNode | undefined = node; at?.parent !== undefined; at = at.parent) {
    steps.push(at.key ?? String(at.index));
  }
  return steps.reverse();
}
