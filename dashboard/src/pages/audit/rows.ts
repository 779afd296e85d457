/** The entries in their days, as the list shows them one below the other. */
import { formatTime } from "@/lib/time";
import { detailOf, type Entry } from "./entry";
import { words } from "./words";

export type Row = { kind: "day"; key: string; label: string } | { kind: "entry"; key: string; entry: Entry };

/** Newest first, each day of the viewer's zone (or of `zone`) under its heading. */
export function rowsOf(entries: readonly Entry[], now: Date, zone?: string): Row[] {
  const today = formatTime(now, "date", zone);
  const yesterday = formatTime(new Date(now.getTime() - 86_400_000), "date", zone);
  const rows: Row[] = [];
  let day: string | undefined;
  for (const entry of entries) {
    const its = formatTime(entry.at, "date", zone);
    if (its !== day) {
      day = its;
      const label = its === today ? words.today : its === yesterday ? words.yesterday : its;
      rows.push({ kind: "day", key: `day ${its}`, label });
    }
    rows.push({ kind: "entry", key: entry.id, entry });
  }
  return rows;
}

/** For a file: one entry a line, with all that is known of it. */
export function csvRows(entries: readonly Entry[]): string[][] {
  const lines = entries.map((entry) => [
    entry.at,
    entry.actor.kind,
    entry.actor.name,
    entry.actor.id,
    entry.action,
    entry.target.kind,
    entry.target.id,
    entry.result,
    entry.address ?? "",
    entry.request_id ?? "",
    JSON.stringify(detailOf(entry)),
    entry.id,
  ]);
  return [[...words.csv], ...lines];
}
