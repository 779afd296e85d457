/** What a text that was typed or pasted may be the id of, the likeliest first. A secret is never taken anywhere. */
import { isEventId, uuidIn } from "@/lib/ids";

export type Recognised =
  | { kind: "event" | "session" | "request" | "ai-system" | "dead-letter" | "search"; text: string }
  /** The beginning of a key, which is no secret; the rest of it goes nowhere. */
  | { kind: "key"; text: string };

const CHARS_MAX = 256;
const DEAD_LETTER = /^\d{1,6}-\d{1,18}$/;
/** As many characters of a key as its list shows. */
const KEY = /\bsk_[0-9A-Za-z]{8}/;
/** Keys, refresh tokens, signing secrets, access tokens, private keys. */
const SECRET = /\b(?:sk|rt|ss|whsec)_[0-9A-Za-z]{8}|\beyJ[\w-]{8,}\.|-----BEGIN|\bBearer\s/;
/** One word with something in it that words of a language do not have. */
const ID_LIKE = /^(?=.*[\d_:.\-/@#])\S{4,}$/;

export function recognise(typed: string): Recognised[] {
  const text = typed.trim();
  if (text === "") return [];
  const [key] = KEY.exec(text) ?? [];
  if (key !== undefined) return [{ kind: "key", text: key }];
  if (SECRET.test(text)) return [];

  const uuid = uuidIn(text);
  if (uuid !== undefined) {
    const others = (["ai-system", "session", "request"] as const).map((kind) => ({ kind, text: uuid }));
    return isEventId(uuid) ? [{ kind: "event", text: uuid }, ...others] : others;
  }
  if (text.length > CHARS_MAX) return [];
  const search: Recognised[] = text.length > 1 ? [{ kind: "search", text }] : [];
  if (DEAD_LETTER.test(text)) return [{ kind: "dead-letter", text }, { kind: "session", text }, ...search];
  if (ID_LIKE.test(text)) return [{ kind: "session", text }, { kind: "request", text }, ...search];
  return search;
}

/** Whether it is an id for sure, so that it stands before the names that it also answers to. */
export function isCertain({ kind, text }: Recognised): boolean {
  switch (kind) {
    case "event":
    case "ai-system":
    case "key":
    case "dead-letter":
      return true;
    case "session":
    case "request":
      return uuidIn(text) !== undefined;
    case "search":
      return false;
  }
}
