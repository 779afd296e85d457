/** What the gateway found wrong with a form, sorted to the fields that it belongs to. */

interface Refusal {
  code: string;
  faults: readonly { pointer: string; detail: string }[];
}

export interface FormFaults {
  /** What is wrong at each field, by the field's name. */
  at: Readonly<Partial<Record<string, string>>>;
  /** The problem, where a part of it belongs to no field: to be shown beside the form. */
  rest: unknown;
}

/** Kinds of problems that are about one field: its name, and what to say there. */
export type CodeTexts = Readonly<Record<string, { field: string; text: string }>>;

const NONE: FormFaults = { at: {}, rest: undefined };

export function formFaults(error: unknown, fields: readonly string[], codes: CodeTexts = {}): FormFaults {
  if (error === null || error === undefined) return NONE;
  if (!isRefusal(error)) return { at: {}, rest: error };
  const known = Object.hasOwn(codes, error.code) ? codes[error.code] : undefined;
  if (known !== undefined) return { at: { [known.field]: known.text }, rest: undefined };
  if (error.faults.length === 0) return { at: {}, rest: error };

  const told: Record<string, string[]> = {};
  let isWhole = true;
  for (const { pointer, detail } of error.faults) {
    const [field = "", index] = pointer.split("/").slice(1);
    if (!fields.includes(field)) {
      isWhole = false;
      continue;
    }
    told[field] ??= [];
    told[field].push(index === undefined ? sentence(detail) : `Line ${Number(index) + 1}: ${detail}`);
  }
  const at = Object.fromEntries(Object.entries(told).map(([field, texts]) => [field, texts.join(" ")]));
  return { at, rest: isWhole ? undefined : error };
}

function isRefusal(error: unknown): error is Refusal {
  if (typeof error !== "object" || error === null) return false;
  const { code, faults } = error as Partial<Refusal>;
  return typeof code === "string" && Array.isArray(faults);
}

function sentence(detail: string): string {
  return detail === "" ? detail : detail[0]?.toUpperCase() + detail.slice(1);
}
