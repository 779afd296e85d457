/** What a password must be, as far as a page can tell; the gateway also knows those that are tried first. */
import { words } from "./words";

export interface PasswordRule {
  text: string;
  isMet: boolean;
}

const CHARS_MIN = 8;
const CHARS_MAX = 256;

export function passwordRules(password: string, person: { email?: string; name?: string }): PasswordRule[] {
  const length = Array.from(password).length;
  const isOther = (other = "") =>
    other.trim() === "" || password.toLowerCase() !== other.trim().toLowerCase();
  const rules = [
    { text: words.rules.long, isMet: length >= CHARS_MIN },
    { text: words.rules.email, isMet: password !== "" && isOther(person.email) },
    { text: words.rules.name, isMet: password !== "" && isOther(person.name) },
  ];
  return length > CHARS_MAX ? [...rules, { text: words.rules.short, isMet: false }] : rules;
}

export function isGoodPassword(password: string, person: { email?: string; name?: string }): boolean {
  return passwordRules(password, person).every((rule) => rule.isMet);
}
