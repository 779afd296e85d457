/**
 * The messages of a page as they were written. Parsing JSON rounds numbers that have more digits than a `number` holds, and
 * what is shown of a message has to be what is in it: so its text is cut out of the page's.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);

function afterSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) <= 0x20) i += 1;
  return i;
}

/** Behind the string that begins at `from`. */
function afterString(text: string, from: number): number {
  let i = from + 1;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    i += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

/** Behind the value that begins at `from`, however deep it is. */
function afterValue(text: string, from: number): number {
  let depth = 0;
  let i = from;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = afterString(text, i);
      if (depth === 0) return i;
      continue;
    }
    if (OPENING.has(code)) depth += 1;
    else if (CLOSING.has(code)) {
      if (depth === 0) return i;
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && (code === 0x2c || code <= 0x20)) return i;
    i += 1;
  }
  return text.length;
}

/** The text of each member of the object that begins at `from`; of one that stands there twice the last counts. */
function members(text: string, from: number): Map<string, string> {
  const found = new Map<string, string>();
  let i = afterSpace(text, from + 1);
  while (text.charCodeAt(i) === QUOTE) {
    const afterName = afterString(text, i);
    const name = JSON.parse(text.slice(i, afterName)) as string;
    const value = afterSpace(text, afterSpace(text, afterName) + 1);
    const end = afterValue(text, value);
    found.set(name, text.slice(value, end));
    i = afterSpace(text, end);
    if (text[i] === ",") i = afterSpace(text, i + 1);
  }
  return found;
}

/** The text of each element of an array. */
function elements(text: string): string[] {
  const found: string[] = [];
  let i = afterSpace(text, afterSpace(text, 0) + 1);
  while (i < text.length && text[i] !== "]") {
    const end = afterValue(text, i);
    found.push(text.slice(i, end));
    i = afterSpace(text, end);
    if (text[i] === ",") i = afterSpace(text, i + 1);
  }
  return found;
}

/** Of a page that is sound JSON, each item's `message`. */
export function messageTexts(page: string): string[] {
  const items = members(page, afterSpace(page, 0)).get("items") ?? "[]";
  return elements(items).map((item) => members(item, 0).get("message") ?? "null");
}
