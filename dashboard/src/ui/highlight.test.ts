import { describe, expect, test } from "vitest";
import { HIGHLIGHT_CHARS_MAX, highlight, type Language, type TokenKind } from "./highlight";

const kinds = (text: string, language: Language): [TokenKind, string][] => {
  return highlight(text, language)
    .filter(({ text: token }) => token.trim() !== "")
    .map(({ kind, text: token }) => [kind, token.trim()]);
};

test.each<[Language, string, [TokenKind, string][]]>([
  [
    "json",
    '{"a": -1.5e3, "b": "x:\\"y\\"", "c": null}',
    [
      ["plain", "{"],
      ["name", '"a"'],
      ["plain", ":"],
      ["number", "-1.5e3"],
      ["plain", ","],
      ["name", '"b"'],
      ["plain", ":"],
      ["string", '"x:\\"y\\""'],
      ["plain", ","],
      ["name", '"c"'],
      ["plain", ":"],
      ["keyword", "null"],
      ["plain", "}"],
    ],
  ],
  [
    "sh",
    'curl -X POST $URL \\\n  --data \'{"a": "it"}\' # send\nFOO=1 echo "$x"',
    [
      ["keyword", "curl"],
      ["name", "-X"],
      ["plain", "POST"],
      ["name", "$URL"],
      ["plain", "\\"],
      ["name", "--data"],
      ["string", '\'{"a": "it"}\''],
      ["comment", "# send"],
      ["plain", "FOO=1 echo"],
      ["string", '"$x"'],
    ],
  ],
  [
    "py",
    'import gapin  # it\n@app.get\nx = f"a{1}" + """two\nlines""" if None else 10_000',
    [
      ["keyword", "import"],
      ["plain", "gapin"],
      ["comment", "# it"],
      ["name", "@app.get"],
      ["plain", "x ="],
      ["string", 'f"a{1}"'],
      ["plain", "+"],
      ["string", '"""two\nlines"""'],
      ["keyword", "if"],
      ["keyword", "None"],
      ["keyword", "else"],
      ["number", "10_000"],
    ],
  ],
  [
    "ts",
    "const url = `https://{host}/x`; // go\nawait fetch('/a');",
    [
      ["keyword", "const"],
      ["plain", "url ="],
      ["string", "`https://{host}/x`"],
      ["plain", ";"],
      ["comment", "// go"],
      ["keyword", "await"],
      ["plain", "fetch("],
      ["string", "'/a'"],
      ["plain", ");"],
    ],
  ],
  [
    "rust",
    "#[tokio::main]\nasync fn main<'a>() { println!(\"hi {}\", 'x'); }",
    [
      ["name", "#[tokio::main]"],
      ["keyword", "async"],
      ["keyword", "fn"],
      ["plain", "main<'a>() {"],
      ["name", "println!"],
      ["plain", "("],
      ["string", '"hi {}"'],
      ["plain", ","],
      ["string", "'x'"],
      ["plain", "); }"],
    ],
  ],
])("%s", (language, text, expected) => {
  expect(kinds(text, language)).toEqual(expected);
});

describe.each<Language>(["json", "sh", "py", "ts", "rust"])("nothing of %s is lost", (language) => {
  test.each([
    "",
    "\n\n",
    '"not closed',
    "'''",
    "/* not closed",
    "`$`{",
    "\\\\\\\"\\'",
    "<script>alert(1)</script>",
    "é 日本 😀 \u202e \ud800",
    'r#""#',
    '"\\'.repeat(2000),
    "'".repeat(5001),
    "#".repeat(5000),
    "a ".repeat(9000),
    `"${"\\\\".repeat(9000)}`,
    "x".repeat(HIGHLIGHT_CHARS_MAX + 1),
  ])("%.20j", (text) => {
    expect(
      highlight(text, language)
        .map((token) => token.text)
        .join(""),
    ).toBe(text);
  });
});

test("long text is of one piece", () => {
  expect(highlight('"a"'.repeat(HIGHLIGHT_CHARS_MAX), "json")).toHaveLength(1);
});
