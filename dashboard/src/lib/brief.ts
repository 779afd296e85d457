/** Any JSON in few characters, without writing all of it first: a value may be 256 KiB. */

const DEPTH_MAX = 6;

/** JSON as text on one line, at most about `max` characters; text itself stands without quotes. */
export function brief(value: unknown, max = 120): string {
  if (typeof value === "string") return oneLine(value, max);
  const writer = new Writer(max + 1);
  writer.value(value, 0);
  return oneLine(writer.text, max);
}

/** Text on one line: runs of spaces and line ends are one space. */
function oneLine(text: string, max: number): string {
  // What is behind this cannot be in the result, however many spaces there are… but for very many.
  const begin = text.length > max * 8 ? text.slice(0, max * 8) : text;
  const line = begin.replace(/\s+/g, " ").trim();
  if (line.length <= max && begin === text) return own(line, text);
  const code = line.charCodeAt(max - 2);
  const end = code >= 0xd800 && code <= 0xdbff ? max - 2 : max - 1;
  return own(`${line.slice(0, end)}…`, text);
}

/** A copy that does not keep the whole text alive: engines make a slice a view into what it was cut from. */
function own(short: string, whole: string): string {
  return whole.length > 1_000 ? (JSON.parse(JSON.stringify(short)) as string) : short;
}

/** Stops when there is enough. */
class Writer {
  text = "";
  constructor(private readonly enough: number) {}

  value(value: unknown, depth: number): void {
    if (this.isFull()) return;
    if (Array.isArray(value)) this.list(value, depth);
    else if (typeof value === "object" && value !== null) this.object(value, depth);
    else if (typeof value === "string") this.text += JSON.stringify(value.slice(0, this.enough));
    else this.text += value === undefined ? "" : String(value);
  }

  private list(items: readonly unknown[], depth: number): void {
    if (depth >= DEPTH_MAX) {
      this.text += "[…]";
      return;
    }
    this.text += "[";
    for (const [index, item] of items.entries()) {
      if (this.isFull()) return;
      if (index > 0) this.text += ", ";
      this.value(item, depth + 1);
    }
    this.text += "]";
  }

  private object(members: object, depth: number): void {
    if (depth >= DEPTH_MAX) {
      this.text += "{…}";
      return;
    }
    this.text += "{";
    let isFirst = true;
    for (const name in members) {
      if (this.isFull()) return;
      if (!isFirst) this.text += ", ";
      isFirst = false;
      this.text += `${JSON.stringify(name.slice(0, this.enough))}: `;
      this.value((members as Record<string, unknown>)[name], depth + 1);
    }
    this.text += "}";
  }

  private isFull(): boolean {
    return this.text.length >= this.enough;
  }
}
