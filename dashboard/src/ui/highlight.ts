/** Colours for a few lines of code: words, strings, numbers, remarks. No grammar, and nothing of the text is ever lost. */

export type Language = "json" | "sh" | "py" | "ts" | "rust";
export type TokenKind = "plain" | "comment" | "string" | "number" | "keyword" | "name";
export interface Token {
  kind: TokenKind;
  text: string;
}

/** Longer text is shown in one colour. */
export const HIGHLIGHT_CHARS_MAX = 20_000;

const NUMBER = String.raw`\b(?:0x[\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\b`;
const DOUBLE = String.raw`"(?:[^"\\\n]|\\.)*"`;
const SINGLE = String.raw`'(?:[^'\\\n]|\\.)*'`;
const BACKTICKS = "`(?:[^`\\\\]|\\\\[^])*`";
const SLASHES = String.raw`\/\/[^\n]*|\/\*[^]*?\*\/`;
const wordsOf = (list: string) => String.raw`\b(?:${list.split(" ").join("|")})\b`;

type Rules = Partial<Record<TokenKind, string>>;

/** In the order in which they are tried. */
const RULES: Record<Language, Rules> = {
  json: {
    name: String.raw`${DOUBLE}(?=\s*:)`,
    string: DOUBLE,
    number: `-?${NUMBER}`,
    keyword: wordsOf("true false null"),
  },
  sh: {
    comment: String.raw`(?<=^|\s)#[^\n]*`,
    string: `${DOUBLE.replace("\\n", "")}|'[^']*'`,
    name: String.raw`\$\{?\w+\}?|(?<=\s)--?[A-Za-z][\w-]*`,
    keyword: String.raw`(?<=^[ \t]*|[|;&(][ \t]*)[A-Za-z_.\/][\w.\/-]*(?![\w=])`,
  },
  py: {
    comment: String.raw`#[^\n]*`,
    string: `[rbfRBF]{0,2}(?:"""[^]*?"""|'''[^]*?'''|${DOUBLE}|${SINGLE})`,
    name: String.raw`@[\w.]+`,
    keyword: wordsOf(
      "and as assert async await break class continue def del elif else except finally for from global if import in is " +
        "lambda not or pass raise return try while with yield True False None",
    ),
    number: NUMBER,
  },
  ts: {
    comment: SLASHES,
    string: `${BACKTICKS}|${DOUBLE}|${SINGLE}`,
    keyword: wordsOf(
      "as async await break case catch class const continue default else export extends finally for from function if " +
        "import in instanceof interface let new of return satisfies switch throw try type typeof void while yield true " +
        "false null undefined",
    ),
    number: NUMBER,
  },
  rust: {
    comment: SLASHES,
    string: String.raw`b?"(?:[^"\\]|\\[^])*"|r#"[^]*?"#|b?'(?:[^'\\\n]|\\.[^'\n]{0,8})'`,
    name: String.raw`#!?\[[^\]\n]*\]|\b\w+!(?=[\[({])`,
    keyword: wordsOf(
      "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move " +
        "mut pub ref return self Self static struct super trait true type unsafe use where while",
    ),
    number: NUMBER,
  },
};

const compiled = new Map<Language, RegExp>();

function patternOf(language: Language): RegExp {
  let pattern = compiled.get(language);
  if (pattern === undefined) {
    const groups = Object.entries(RULES[language]).map(([kind, source]) => `(?<${kind}>${source})`);
    pattern = new RegExp(groups.join("|"), "gm");
    compiled.set(language, pattern);
  }
  return pattern;
}

export function highlight(text: string, language: Language): Token[] {
  if (text.length > HIGHLIGHT_CHARS_MAX) return [{ kind: "plain", text }];
  const tokens: Token[] = [];
  let done = 0;
  for (const found of text.matchAll(patternOf(language))) {
    if (found[0] === "") continue;
    if (found.index > done) tokens.push({ kind: "plain", text: text.slice(done, found.index) });
    const kind =
      Object.entries(found.groups ?? {}).find(([, matched]) => matched !== undefined)?.[0] ?? "plain";
    tokens.push({ kind: kind as TokenKind, text: found[0] });
    done = found.index + found[0].length;
  }
  if (done < text.length) tokens.push({ kind: "plain", text: text.slice(done) });
  return tokens;
}

/** The colour of each kind; `JSON` trees have the same. */
export const tokenLook: Record<TokenKind, string> = {
  plain: "",
  comment: "text-faint",
  string: "text-good",
  number: "text-warn",
  keyword: "text-type-decision",
  name: "text-accent",
};
