/** Files that the page hands to the browser, and tables in one of them. */

/** What a spreadsheet would compute: a cell that begins so, after what it skips. */
const FORMULA = /^[\s\u0000-\u0020\u00a0\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
/** Semicolons and tabs separate cells in the spreadsheets of some countries. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180. A cell that a spreadsheet would take for a formula begins with `'`; numbers stay numbers. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

const NAME_CHARS_MAX = 120;

/** A name that every file system takes. */
export function fileName(name: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"*/:<>?\\|]+/g, "-")
    .replace(/^[.\s-]+|[.\s]+$/g, "")
    .slice(0, NAME_CHARS_MAX);
  return plain === "" ? "download" : plain;
}

/** So long the browser has to begin reading. */
const KEPT_MS = 60_000;

/** Saves a text as a file. A table gets the mark by which spreadsheets know UTF-8. */
export function download(name: string, mime: string, text: string): void {
  const mark = mime.startsWith("text/csv") ? "\ufeff" : "";
  const address = URL.createObjectURL(new Blob([mark, text], { type: `${mime};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName(name);
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
