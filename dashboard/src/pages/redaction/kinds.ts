/** The kinds of what GAPIN hides by itself, and what may become of each. */
import type { Schemas } from "@/api";

export type Mode = Schemas["RedactionMode"];
export type Kind = keyof Schemas["RedactionModes"];

/** In the order in which they are shown: what is about people, what is about money, what opens doors. */
export const KINDS = [
  "email",
  "phone",
  "ssn",
  "ip_address",
  "credit_card",
  "iban",
  "secret",
  "password",
] as const satisfies readonly Kind[];

export const MODES = ["mask", "pseudonym", "off"] as const satisfies readonly Mode[];

/** As the gateway has it where an organisation says nothing. */
export function defaultMode(kind: Kind): Mode {
  return kind === "ip_address" ? "off" : "mask";
}

/** What stands in the place of what was found: what a record would show. */
export function standIn(kind: Kind, mode: Mode): string | undefined {
  switch (mode) {
    case "mask":
      return `[REDACTED:${kind}]`;
    case "pseudonym":
      return `[${kind.toUpperCase()}:yw7qamedxcvavotfd3hx]`;
    case "off":
      return undefined;
  }
}
