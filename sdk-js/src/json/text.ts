/** A string as JSON, in the form of RFC 8785. */

import { isWellFormed, toWellFormed } from "./bounds.js";

/** What can't stand in JSON as it is, or is perhaps half of a surrogate pair. */
const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** In quotes; halves of surrogate pairs become U+FFFD. A look is cheaper than `JSON.stringify`, which copies. */
export function quotedText(text: string): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  return JSON.stringify(isWellFormed(text) ? text : toWellFormed(text));
}
