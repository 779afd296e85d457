/** All events of a session, as far as a page can hold them; while the session goes on, so does this. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { api } from "@/api";
import { inOrder } from "@/events/order";
import { type ReadRecord, readRecord, textOf } from "@/events/record";
import { parseTime } from "@/lib/time";

export const SESSION_EVENTS_MAX = 5_000;
const SESSION_CHARS_MAX = 64 * 1024 * 1024;
const PAGE_EVENTS = 500;
const HEAD_EVENTS = 100;
/** A session that had an event so long ago may have another soon. */
const ACTIVE_MS = 15 * 60_000;
const ACTIVE_EVERY_MS = 5_000;
const QUIET_EVERY_MS = 30_000;

export interface Loaded {
  records: ReadRecord[];
  /** Whether there are older ones that were not read. */
  isCut: boolean;
}

/** How much is read at most, the last page with it. */
export interface Bounds {
  events: number;
  chars: number;
}

export type ReadPage = (query: { limit: number; cursor?: string }) => Promise<string>;

/** Newest first, page by page, up to as many as a page can hold. */
export async function loadAll(
  read: ReadPage,
  progress: (count: number) => void,
  bounds: Bounds = { events: SESSION_EVENTS_MAX, chars: SESSION_CHARS_MAX },
): Promise<Loaded> {
  const byId = new Map<string, ReadRecord>();
  let cursor: string | undefined;
  let chars = 0;
  for (;;) {
    const text = await read({ limit: PAGE_EVENTS, ...(cursor === undefined ? {} : { cursor }) });
    const page = parsePage(text);
    for (const record of page.records) byId.set(record.id, record);
    chars += text.length;
    cursor = page.next;
    progress(byId.size);
    const isFull = byId.size >= bounds.events || chars >= bounds.chars;
    if (cursor === undefined || isFull) return { records: [...byId.values()], isCut: cursor !== undefined };
  }
}

export function parsePage(text: string): { records: ReadRecord[]; next: string | undefined } {
  const page = JSON.parse(text) as { items?: unknown; next_cursor?: unknown };
  const items = Array.isArray(page.items) ? page.items : [];
  return {
    records: items.map(readRecord),
    next: typeof page.next_cursor === "string" ? page.next_cursor : undefined,
  };
}

export function useSessionEvents(sessionId: string) {
  const [count, setCount] = useState(0);
  const all = useQuery({
    queryKey: ["session-events", sessionId],
    queryFn: ({ signal }) => loadAll((query) => readPage(sessionId, query, signal), setCount),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const [newer, setNewer] = useState<ReadonlyMap<string, ReadRecord>>(new Map());
  const records = useMemo(() => {
    const byId = new Map(all.data?.records.map((record) => [record.id, record]));
    for (const [id, record] of newer) byId.set(id, record);
    return inOrder([...byId.values()]);
  }, [all.data, newer]);

  const newest = useMemo(() => newestOf(records), [records]);

  const head = useQuery({
    queryKey: ["session-head", sessionId],
    enabled: all.data !== undefined,
    queryFn: async ({ signal }) => parsePage(await readPage(sessionId, { limit: HEAD_EVENTS }, signal)),
    refetchInterval: () => (isActive(newest) ? ACTIVE_EVERY_MS : QUIET_EVERY_MS),
    retry: false,
  });
  const { refetch } = all;
  useEffect(() => {
    const found = head.data;
    if (found === undefined) return;
    const known = new Set(all.data?.records.map(({ id }) => id));
    setNewer((before) => {
      const fresh = found.records.filter(({ id }) => !known.has(id) && !before.has(id));
      if (fresh.length === 0) return before;
      return new Map([...before, ...fresh.map((record) => [record.id, record] as const)]);
    });
    // More came than the head shows: between them some would be left out.
    const isApart = found.records.length > 0 && found.records.every(({ id }) => !known.has(id));
    if (isApart && found.next !== undefined) void refetch();
  }, [head.data, all.data, refetch]);

  return {
    records,
    isCut: all.data?.isCut === true || records.length > SESSION_EVENTS_MAX,
    isLoading: all.data === undefined && all.error === null,
    isActive: isActive(newest),
    count,
    error: all.data === undefined ? all.error : null,
    retry: () => void refetch(),
  };
}

/** When the gateway took the last of them. */
function newestOf(records: readonly ReadRecord[]): number {
  return records.reduce((newest, { receipt, timestamp }) => {
    const at = parseTime(textOf(receipt, "received_at") ?? timestamp).getTime();
    return at > newest ? at : newest;
  }, Number.NEGATIVE_INFINITY);
}

function isActive(newest: number): boolean {
  return Date.now() - newest < ACTIVE_MS;
}

async function readPage(
  sessionId: string,
  query: { limit: number; cursor?: string },
  signal: AbortSignal,
): Promise<string> {
  const { data } = await api.GET("/aibbar/events", {
    params: { query: { ...query, session_id: sessionId } },
    parseAs: "text",
    signal,
  });
  return data as unknown as string;
}
