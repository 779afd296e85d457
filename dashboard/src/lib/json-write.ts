/** Writes any value as JSON text, like `JSON.stringify`, but whatever the nesting and without ever throwing. */

interface Frame {
  value: object;
  /** The members that are left, the next one last. */
  left: [key: string | undefined, value: unknown][];
  isFirst: boolean;
  close: string;
}

/** Of a value that has no text of its own (a function, `undefined`) there is none. */
function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Number.isFinite(value) ? String(value) : "null";
    case "boolean":
    case "bigint":
      return String(value);
    default:
      return value === null ? "null" : undefined;
  }
}

/** A date and what else says itself how it is written. */
function asWritten(value: unknown): unknown {
  const isOwn = typeof value === "object" && value !== null && "toJSON" in value;
  if (!isOwn || typeof value.toJSON !== "function") return value;
  try {
    return value.toJSON();
  } catch {
    return null;
  }
}

export function writeJson(value: unknown): string {
  const written: string[] = [];
  const frames: Frame[] = [];
  const within = new Set<object>();

  function begin(given: unknown): void {
    const isObject = typeof given === "object" && given !== null;
    if (!isObject) {
      written.push(scalarText(given) ?? "null");
    } else if (within.has(given)) {
      written.push('"[circular]"');
    } else {
      within.add(given);
      const isArray = Array.isArray(given);
      const left: Frame["left"] = isArray
        ? Array.from(given, (item): [undefined, unknown] => [undefined, item])
        : Object.entries(given);
      written.push(isArray ? "[" : "{");
      frames.push({ value: given, left: left.reverse(), isFirst: true, close: isArray ? "]" : "}" });
    }
  }

  begin(asWritten(value));
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const member = frame.left.pop();
    if (member === undefined) {
      written.push(frame.close);
      within.delete(frame.value);
      frames.pop();
      continue;
    }
    const [key, given] = [member[0], asWritten(member[1])];
    const isMissing = (typeof given !== "object" || given === null) && scalarText(given) === undefined;
    if (key !== undefined && isMissing) continue;
    if (!frame.isFirst) written.push(",");
    frame.isFirst = false;
    if (key !== undefined) written.push(JSON.stringify(key), ":");
    begin(given);
  }
  return written.join("");
}
