/** The events before and after one in its session. The API lists newest first and knows no "after", so this looks. */
import { useQuery } from "@tanstack/react-query";
import { api } from "@/api";
import { inOrder, type Orderable } from "./order";
import { type ReadRecord, readRecord } from "./record";

export interface Neighbours {
  previous?: string;
  next?: string;
  /** Its place, from 1, where the whole session is known. */
  place?: { at: number; of: number };
}

export interface SessionPage {
  items: readonly unknown[];
  next_cursor?: string | null;
}

export type ReadSession = (query: {
  from?: string;
  to?: string;
  cursor?: string;
  limit: number;
}) => Promise<SessionPage>;

/** A session of so many events is asked for as a whole. */
const WHOLE_EVENTS_MAX = 100;
const BEFORE_EVENTS = 20;
const PAGES_AFTER_MAX = 5;

export async function findNeighbours(record: Orderable, read: ReadSession): Promise<Neighbours> {
  const newest = await read({ limit: WHOLE_EVENTS_MAX });
  if (newest.next_cursor == null) return among(record, newest.items, true);

  const before = await read({ to: record.timestamp, limit: BEFORE_EVENTS });
  const { previous } = among(record, before.items, false);
  const next = await firstAfter(record, read);
  return { ...(previous === undefined ? {} : { previous }), ...(next === undefined ? {} : { next }) };
}

/** The last page of what is not before it has the first that is after it. */
async function firstAfter(record: Orderable, read: ReadSession): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_AFTER_MAX; pages += 1) {
    const page = await read({
      from: record.timestamp,
      limit: WHOLE_EVENTS_MAX,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (page.next_cursor == null) return among(record, page.items, false).next;
    cursor = page.next_cursor;
  }
  return undefined;
}

function among(record: Orderable, items: readonly unknown[], isWhole: boolean): Neighbours {
  const others = items.map(readRecord).filter((one) => one.id !== record.id);
  const ordered = inOrder<Orderable>([...others, record]);
  const at = ordered.indexOf(record);
  const previous = ordered[at - 1]?.id;
  const next = ordered[at + 1]?.id;
  return {
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
    ...(isWhole ? { place: { at: at + 1, of: ordered.length } } : {}),
  };
}

export function useNeighbours(record: ReadRecord, enabled: boolean) {
  const { id, sessionId = "" } = record;
  return useQuery({
    queryKey: ["neighbours", sessionId, id],
    enabled: enabled && sessionId !== "" && id !== "",
    queryFn: ({ signal }) => {
      return findNeighbours(record, async (query) => {
        const params = { query: { ...query, session_id: sessionId } };
        const { data } = await api.GET("/aibbar/events", { params, signal });
        return data as SessionPage;
      });
    },
  });
}
