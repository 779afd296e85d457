/** What a new password still needs, as far as one can tell here; the gateway knows those that are tried first. */
import { words } from "./words";

/** The gateway's bounds, in characters. */
export const CHARS_MIN = 8;
export const CHARS_MAX = 256;

export interface Rule {
  text: string;
  isMet: boolean;
}

interface Owner {
  email: string;
  name: string;
}

export function rulesOf(password: string, current: string, owner: Owner): Rule[] {
  const chars = [...password].length;
  const { rules } = words.profile;
  const missing = CHARS_MIN - chars;
  const length =
    chars > CHARS_MAX
      ? `${rules.length}, ${rules.tooLong}`
      : missing > 0 && chars > 0
        ? `${rules.length}, ${rules.missing(missing)}`
        : rules.length;
  const isThere = chars > 0;
  return [
    { text: length, isMet: missing <= 0 && chars <= CHARS_MAX },
    { text: rules.own, isMet: isThere && !isOwn(password, owner) },
    { text: rules.varied, isMet: isThere && new Set(password).size > 1 },
    { text: rules.other, isMet: isThere && password !== current },
  ];
}

function isOwn(password: string, { email, name }: Owner): boolean {
  const folded = fold(password);
  return [fold(email), fold(email).split("@")[0], fold(name)].includes(folded);
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
