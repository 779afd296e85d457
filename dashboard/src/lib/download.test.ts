import { describe, expect, test, vi } from "vitest";
import { csv, download, fileName } from "./download";

const cell = (text: string) => csv([[text]]).slice(0, -2);

describe("a table as RFC 4180", () => {
  test("has rows that end in CR LF, and cells between commas", () => {
    expect(
      csv([
        ["time", "value"],
        ["2026-11-21T02:59:00.000Z", "12.5"],
      ]),
    ).toBe("time,value\r\n2026-11-21T02:59:00.000Z,12.5\r\n");
    expect(csv([])).toBe("");
    expect(csv([["", ""]])).toBe(",\r\n");
  });

  test.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ["two\nlines", '"two\nlines"'],
    ["two\r\nlines", '"two\r\nlines"'],
    ["a;b", '"a;b"'],
    ["a\tb", '"a\tb"'],
    [" padded ", '" padded "'],
    ["é 日本 😀", "é 日本 😀"],
  ])("%j is %j", (text, expected) => {
    expect(cell(text)).toBe(expected);
  });

  test.each(["0", "-1", "+1", "-12.5", "1e400", "-1.5E-7"])("the number %s stays one", (text) => {
    expect(cell(text)).toBe(text);
  });

  test.each([
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "-",
    "@SUM(A1)",
    " =1+1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠x",
    "\t=1",
    "\rx",
    "\nx",
    "--1",
  ])("%j is no formula any more", (text) => {
    expect(cell(text).replace(/^"/, "").startsWith("'")).toBe(true);
  });

  test("a formula cannot begin after a separator of another country", () => {
    expect(cell("x;=1+1")).toBe('"x;=1+1"');
  });
});

test.each([
  ["events.csv", "events.csv"],
  ["../../etc/passwd", "etc-passwd"],
  ["a/b\\c:d*e?f", "a-b-c-d-e-f"],
  ["", "download"],
  ["...", "download"],
  ["gpj\u202e.exe", "gpj-.exe"],
  ["x".repeat(500), "x".repeat(120)],
  ["Ströme 日本.csv", "Ströme 日本.csv"],
])("the file name %j becomes %j", (name, expected) => {
  expect(fileName(name)).toBe(expected);
});

describe("saving", () => {
  async function saved(name: string, mime: string, text: string) {
    let blob: Blob | undefined;
    let link: { name: string; href: string } | undefined;
    vi.spyOn(URL, "createObjectURL").mockImplementation((given) => {
      blob = given as Blob;
      return "blob:one";
    });
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      link = { name: this.download, href: this.href };
    });
    download(name, mime, text);
    const bytes = new Uint8Array(await (blob as Blob).arrayBuffer());
    return { link, type: blob?.type, bytes };
  }

  test("gives the text as a file, and leaves nothing in the page", async () => {
    const { link, type, bytes } = await saved("a/b.json", "application/json", "{}");
    expect(link).toEqual({ name: "a-b.json", href: "blob:one" });
    expect(type).toBe("application/json;charset=utf-8");
    expect(new TextDecoder().decode(bytes)).toBe("{}");
    expect(document.querySelector("a")).toBeNull();
  });

  test("a table begins with the mark of UTF-8", async () => {
    const { bytes } = await saved("t.csv", "text/csv", "é\r\n");
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });
});
