/** JSON of which nothing is known: its members, texts and numbers, where they are there. */

export type Members = Readonly<Record<string, unknown>>;

/** A member of its own; nothing where there is none. */
export function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null && Object.hasOwn(of, name) ? (of as Members)[name] : undefined;
}

/** The value, if it is an object. */
export function asMembers(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

/** The value, if it is a text that is not blank. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** The value, if it is a number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A count or a duration: a number that is not less than nothing. */
export function asAmount(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && number >= 0 ? number : undefined;
}

const SAME_DEPTH_MAX = 64;

/** Whether two values are the same JSON; the order of members says nothing. */
export function isSameJson(one: unknown, other: unknown, depth = 0): boolean {
  if (one === other) return true;
  if (depth > SAME_DEPTH_MAX || typeof one !== "object" || typeof other !== "object") return false;
  if (one === null || other === null || Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    return (
      Object.hasOwn(other, name) && isSameJson((one as Members)[name], (other as Members)[name], depth + 1)
    );
  });
}
