/** What the gateway says over the live stream, read. */
import { type ReadItem, type Row, readEvent, readMessage } from "./row";
import { eachItem, eachMember, endOfValue, isString, NotJson, stringAt } from "./scan";

export type Frame =
  | { type: "rows"; cursor: string; rows: Row[] }
  | { type: "hello" | "expired" | "paused" | "resumed" | "filtered"; cursor: string }
  | { type: "gap"; missed: number; resume: string }
  | { type: "error"; code: string; detail: string; position?: number }
  | { type: "bye"; reason: string; cursor?: string }
  /** Of a later version: what it says is left out, where it stands in the stream is not. */
  | { type: "other"; cursor?: string };

const SEVERAL: Readonly<Record<string, ReadItem>> = { events: readEvent, messages: readMessage };

/** Reads one frame; throws `NotJson` for what is none. */
export function readFrame(text: string): Frame {
  let type = "";
  let cursor: string | undefined;
  let itemsAt = -1;
  eachMember(text, 0, (name, at) => {
    const end = endOfValue(text, at);
    if (name === "type" && isString(text, at)) type = stringAt(text, at, end);
    else if (name === "cursor" && isString(text, at)) cursor = stringAt(text, at, end);
    else if (name === "items") itemsAt = at;
    return end;
  });
  const read = SEVERAL[type];
  if (read !== undefined) return { type: "rows", cursor: needed(cursor), rows: rowsAt(text, itemsAt, read) };
  if (type === "event" || type === "message") return one(text, type, needed(cursor));
  return control(text, type, cursor);
}

function rowsAt(text: string, at: number, read: ReadItem): Row[] {
  if (at === -1) throw new NotJson("a frame without items");
  const rows: Row[] = [];
  eachItem(text, at, (itemAt) => {
    const { row, end } = read(text, itemAt);
    rows.push(row);
    return end;
  });
  return rows;
}

/** A frame of one record has the record's members beside its own. */
function one(text: string, type: "event" | "message", cursor: string): Frame {
  const { type: _type, cursor: _cursor, ...item } = parse(text);
  const { row } = (type === "event" ? readEvent : readMessage)(JSON.stringify(item), 0);
  return { type: "rows", cursor, rows: [row] };
}

function control(text: string, type: string, cursor: string | undefined): Frame {
  switch (type) {
    case "hello":
    case "expired":
    case "paused":
    case "resumed":
    case "filtered":
      return { type, cursor: needed(cursor) };
    case "gap": {
      const { missed, resume } = parse(text);
      if (typeof missed !== "number" || typeof resume !== "string")
        throw new NotJson("a gap without a place");
      return { type, missed, resume };
    }
    case "error": {
      const { code, detail, position } = parse(text);
      const where = typeof position === "number" ? { position } : {};
      return { type, code: String(code), detail: String(detail), ...where };
    }
    case "bye":
      return { type, reason: String(parse(text)["reason"]), ...(cursor === undefined ? {} : { cursor }) };
    default:
      return { type: "other", ...(cursor === undefined ? {} : { cursor }) };
  }
}

function needed(cursor: string | undefined): string {
  if (cursor === undefined) throw new NotJson("a frame without a cursor");
  return cursor;
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

/** A page, as text: `{"items": […], "next_cursor": …}`. */
export function readPage(
  text: string,
  read: ReadItem = readEvent,
): { rows: Row[]; next: string | undefined } {
  let rows: Row[] = [];
  let next: string | undefined;
  eachMember(text, 0, (name, at) => {
    if (name === "items") {
      rows = [];
      return eachItem(text, at, (itemAt) => {
        const { row, end } = read(text, itemAt);
        rows.push(row);
        return end;
      });
    }
    const end = endOfValue(text, at);
    if (name === "next_cursor" && isString(text, at)) next = stringAt(text, at, end);
    return end;
  });
  return { rows, next };
}
