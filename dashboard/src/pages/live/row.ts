/** A row of the live table: the JSON text of one event or message, and the little of it that is read before it is seen. */
import { member } from "@/lib/any-json";
import { brief } from "@/lib/brief";
import { momentOf } from "@/lib/moments";
import { headline } from "@/lib/story";
import { eachMember, endOfValue, isString, NotJson, stringAt } from "./scan";

export interface Row {
  kind: "event" | "message";
  /** What an address names it by: the event's id; of a message its topic, partition and offset. */
  id: string;
  /** Two rows with the same key are the same record, sent twice. */
  key: string;
  /** When GAPIN took it, in milliseconds and parts of them: the order of the live rows. 0 for what is no time. */
  at: number;
  /** When its sender says that it happened, as it was sent. */
  happened: string;
  /** The record or message as JSON. */
  text: string;
  /** Made when it is first drawn. */
  cells?: Cells;
}

/** What a row shows. Text from outside, cut short. */
export interface Cells {
  type: string;
  aiId: string;
  session: string;
  topic: string;
  messageKey: string;
  place: string;
  line: string;
}

/** Reads the item that begins at `at`; answers it and where it ends. */
export type ReadItem = (text: string, at: number) => { row: Row; end: number };

/** An event: `{"event": …, "record": …}`. */
export const readEvent: ReadItem = (text, at) => {
  let signature = "";
  let happened = "";
  let id = "";
  let received = "";
  const end = eachMember(text, at, (part, partAt) => {
    if (part === "event") {
      return eachMember(text, partAt, (name, place) => {
        const behind = endOfValue(text, place);
        if (name === "signature") signature = string(text, place, behind);
        else if (name === "timestamp") happened = string(text, place, behind);
        return behind;
      });
    }
    if (part === "record") {
      return eachMember(text, partAt, (name, place) => {
        const behind = endOfValue(text, place);
        if (name === "event_id") id = string(text, place, behind);
        else if (name === "received_at") received = string(text, place, behind);
        return behind;
      });
    }
    return endOfValue(text, partAt);
  });
  if (id === "") throw new NotJson("an event without an id");
  const row: Row = {
    kind: "event",
    id,
    key: `${id}:${signature}`,
    at: momentOf(received) ?? 0,
    happened,
    text: text.slice(at, end),
  };
  return { row, end };
};

/** A message of another topic. */
export const readMessage: ReadItem = (text, at) => {
  const found: Record<string, string> = {};
  const end = eachMember(text, at, (name, place) => {
    const behind = endOfValue(text, place);
    if (name !== "message" && name !== "headers") {
      found[name] = isString(text, place) ? stringAt(text, place, behind) : text.slice(place, behind);
    }
    return behind;
  });
  const { topic, partition, offset, appended_at: appended = "", timestamp } = found;
  if (topic === undefined || partition === undefined || offset === undefined)
    throw new NotJson("a message without a place");
  const id = `${topic}/${partition}/${offset}`;
  const row: Row = {
    kind: "message",
    id,
    key: id,
    at: momentOf(appended) ?? 0,
    happened: timestamp ?? appended,
    text: text.slice(at, end),
  };
  return { row, end };
};

function string(text: string, at: number, end: number): string {
  return isString(text, at) ? stringAt(text, at, end) : "";
}

const CELL_CHARS_MAX = 120;
const LINE_CHARS_MAX = 200;

/** What the row shows; parsed the first time, and only if it is drawn at all. */
export function cellsOf(row: Row): Cells {
  row.cells ??= makeCells(row);
  return row.cells;
}

function makeCells(row: Row): Cells {
  const value = parsed(row);
  const event = row.kind === "event" ? member(value, "event") : undefined;
  const short = (from: unknown) => (from === undefined || from === null ? "" : brief(from, CELL_CHARS_MAX));
  return {
    type: short(member(event, "event_type")),
    aiId: short(member(event, "ai_id")),
    session: short(member(member(event, "metadata"), "session_id")),
    topic: row.kind === "event" ? "" : short(member(value, "topic")),
    messageKey: row.kind === "event" ? "" : short(member(value, "key")),
    place:
      row.kind === "event" ? "" : `${short(member(value, "partition"))} @ ${short(member(value, "offset"))}`,
    line: row.kind === "event" ? headline(event) : brief(member(value, "message") ?? "", LINE_CHARS_MAX),
  };
}

/** The whole of it as JSON; nothing where the text is none. */
export function parsed(row: Row): unknown {
  try {
    return JSON.parse(row.text) as unknown;
  } catch {
    return undefined;
  }
}
