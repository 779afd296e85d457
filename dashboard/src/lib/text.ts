/** Text from outside, made fit to be looked at. */

const JOINERS = /[\u200d\ufe00-\ufe0f\u0300-\u036f]/;

/** Whether a cut there would go through a character: through a pair of code units, or off a mark that belongs to it. */
function isInside(text: string, at: number): boolean {
  const isPair = /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1));
  return isPair || JOINERS.test(text.charAt(at)) || text.charAt(at - 1) === "\u200d";
}

/** At most `max` characters, the last of which is then `…`; no character is cut in half. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = Math.max(0, max - 1);
  while (end > 0 && isInside(text, end)) end -= 1;
  return `${text.slice(0, end)}…`;
}

/** Tag characters: text that nobody sees, but a model reads. Two code units each. */
const TAGS = "\\udb40[\\udc00-\\udc7f]";
const UNPAIRED = "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]";
const UNSEEN =
  "\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb";
const HIDDEN = new RegExp(`[${UNSEEN}]|${TAGS}|${UNPAIRED}`, "g");
const HIDDEN_BUT_LINES = new RegExp(`(?![\\n\\t])[${UNSEEN}]|${TAGS}|${UNPAIRED}`, "g");
const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };

function escaped(found: string): string {
  const short = SHORT[found];
  if (short !== undefined) return short;
  return Array.from({ length: found.length }, (_, unit) => {
    return `\\u${found.charCodeAt(unit).toString(16).padStart(4, "0")}`;
  }).join("");
}

/** Writes out what cannot be seen or turns the writing direction: control characters, marks, halves of characters. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** The same, but lines stay lines. */
export function visibleLines(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(HIDDEN_BUT_LINES, escaped);
}

/** Bytes of the text in UTF-8. */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
