/** How well a name answers what was typed: every word of it has to be found, and where it begins counts. */

const SCORES = {
  whole: 100,
  start: 80,
  word: 50,
  initials: 40,
  within: 20,
  also: 15,
  alsoWithin: 5,
} as const;

/** Letters as they are compared: without case and without marks. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
}

/** The higher the better; none where a word is not found at all. */
export function score(query: string, name: string, alsoCalled = ""): number | undefined {
  const wanted = fold(query).trim();
  if (wanted === "") return 0;
  const label = fold(name);
  if (label === wanted) return SCORES.whole * 2;
  const also = fold(alsoCalled);
  let sum = label.startsWith(wanted) ? SCORES.whole : 0;
  for (const word of wanted.split(/\s+/)) {
    const found = scoreOfWord(word, label, also);
    if (found === undefined) return undefined;
    sum += found;
  }
  return sum;
}

function scoreOfWord(word: string, label: string, also: string): number | undefined {
  if (label.startsWith(word)) return SCORES.start;
  const words = label.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (words.some((one) => one.startsWith(word))) return SCORES.word;
  if (
    word.length > 1 &&
    words
      .map((one) => one[0])
      .join("")
      .startsWith(word)
  )
    return SCORES.initials;
  if (label.includes(word)) return SCORES.within;
  if (also.split(/\s+/).some((one) => one.startsWith(word))) return SCORES.also;
  return also.includes(word) && word.length > 2 ? SCORES.alsoWithin : undefined;
}
