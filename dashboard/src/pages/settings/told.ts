/** Of what may be wrong with fields, that which is: by the field's name. */
export function told(
  faults: Readonly<Record<string, string | false | undefined>>,
): Partial<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(faults).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
