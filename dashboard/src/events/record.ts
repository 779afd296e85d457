/** A record as it came, `{event, record}`, read without trusting that anything of it is there. */
import { member } from "@/lib/any-json";
import { isWithin } from "@/lib/pointer";
import { kindName, words } from "./words";

export interface Redaction {
  /** Into the event. */
  pointer: string;
  kind: string;
  rule?: string;
}

export interface ReadRecord {
  id: string;
  event: unknown;
  /** What the gateway knows of the event. */
  receipt: unknown;
  type: string;
  aiId: string | undefined;
  sessionId: string | undefined;
  timestamp: string;
  sequence: number | undefined;
  redactions: readonly Redaction[];
}

/** Text that is not empty. */
export function textOf(of: unknown, name: string): string | undefined {
  const value = member(of, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function readRecord(value: unknown): ReadRecord {
  const event = member(value, "event");
  const receipt = member(value, "record");
  const sequence = member(event, "sequence");
  return {
    id: textOf(receipt, "event_id") ?? textOf(event, "event_id") ?? "",
    event,
    receipt,
    type: textOf(event, "event_type") ?? "",
    aiId: textOf(event, "ai_id"),
    sessionId: textOf(member(event, "metadata"), "session_id"),
    timestamp: textOf(event, "timestamp") ?? "",
    sequence: typeof sequence === "number" && Number.isSafeInteger(sequence) ? sequence : undefined,
    redactions: redactionsOf(receipt),
  };
}

function redactionsOf(receipt: unknown): Redaction[] {
  const list = member(receipt, "redactions");
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => {
    const pointer = member(one, "pointer");
    const kind = textOf(one, "kind");
    if (typeof pointer !== "string" || kind === undefined) return [];
    const rule = textOf(one, "rule");
    return [{ pointer, kind, ...(rule === undefined ? {} : { rule }) }];
  });
}

/** The marks of a part of the event, with pointers into that part. */
export function marksWithin(
  redactions: readonly Redaction[],
  part: string,
): { pointer: string; label: string }[] {
  return redactions
    .filter(({ pointer }) => isWithin(pointer, part))
    .map(({ pointer, kind, rule }) => ({
      pointer: pointer.slice(part.length),
      label: words.hidden(kindName(kind, rule)),
    }));
}

/** The marks of the whole record. */
export function marksOfRecord(redactions: readonly Redaction[]): { pointer: string; label: string }[] {
  return marksWithin(redactions, "").map(({ pointer, label }) => ({ pointer: `/event${pointer}`, label }));
}

export interface Piece {
  text: string;
  /** What was here before, where this stands in for it. */
  hidden?: string;
}

/** What GAPIN writes where it hides something: a mask, or a pseudonym. */
const STAND_IN =
  /\[REDACTED:(?:custom:)?([a-z0-9_]{1,40})\]|\[(?:CUSTOM:([a-z0-9_]{1,32})|([A-Z_]{1,40})):[a-z2-7]{20}\]/g;

/**
 * A text of the event cut at its stand-ins. Only where the record says that something was hidden there: a sender can write
 * the same characters.
 */
export function piecesOf(text: string, pointer: string, redactions: readonly Redaction[]): Piece[] {
  const here = redactions.filter((one) => isWithin(pointer, one.pointer));
  if (here.length === 0) return [{ text }];
  const pieces: Piece[] = [];
  let done = 0;
  for (const found of text.matchAll(STAND_IN)) {
    const [standIn, masked, custom, kind] = found;
    const name = masked ?? custom ?? kind?.toLowerCase() ?? "";
    const one = here.find((redaction) => redaction.kind === name || redaction.rule === name);
    if (one === undefined) continue;
    if (found.index > done) pieces.push({ text: text.slice(done, found.index) });
    pieces.push({ text: standIn, hidden: kindName(one.kind, one.rule) });
    done = found.index + standIn.length;
  }
  if (pieces.length === 0 && text === "*")
    return [{ text, hidden: here.map((one) => kindName(one.kind, one.rule)).join(", ") }];
  if (done < text.length || pieces.length === 0) pieces.push({ text: text.slice(done) });
  return pieces;
}
