/** What an entry says that changed, and what an earlier entry said of the same before. */
import { detailOf, type Entry } from "./entry";

export interface Change {
  field: string;
  /** `undefined`: no earlier entry says it. */
  before: unknown;
  after: unknown;
}

/** Words about the change, not a state that was another before. */
const ABOUT_IT = new Set([
  "reason",
  "how",
  "ids",
  "overlap_seconds",
  "verify_for_seconds",
  "invitations_ended",
  "shared_views_ended",
  "invitation",
  "email",
  "provider",
]);

/** These say from where to where themselves. */
const PAIRED_ACTIONS = new Set(["member.role_change"]);

/** `history` is what was told of the same target before, newest first. */
export function changesOf(entry: Entry, history: readonly Entry[]): Change[] {
  const detail = detailOf(entry);
  if (PAIRED_ACTIONS.has(entry.action)) {
    const pair = { field: "role", before: detail["from"], after: detail["to"] };
    const rest = Object.keys(detail).filter((field) => !["from", "to", "email"].includes(field));
    return [pair, ...rest.map((field) => ({ field, before: undefined, after: detail[field] }))];
  }
  return Object.entries(detail).map(([field, after]) => ({ field, before: told(field, history), after }));
}

function told(field: string, history: readonly Entry[]): unknown {
  if (ABOUT_IT.has(field)) return undefined;
  for (const earlier of history) {
    const detail = detailOf(earlier);
    if (earlier.result === "success" && Object.hasOwn(detail, field)) return detail[field];
  }
  return undefined;
}

/** Whether anything is to be compared: where it was made or ended, there is no before. */
export function hasBefore(entry: Entry): boolean {
  return /\.(update|set|rotate|role_change|reset)$/.test(entry.action);
}
