/** The cache of what was asked, and lists that go on page by page. */
import {
  type InfiniteData,
  QueryClient,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { onReachedAgain } from "@/lib/connection";
import { api } from "./client";
import { ApiProblem } from "./problem";
import type { paths } from "./schema";

const RETRIES_MAX = 2;

/** What passes by itself is worth asking again; what was refused is not. */
function isWorthAnother(failures: number, error: unknown): boolean {
  if (failures >= RETRIES_MAX) return false;
  return error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthAnother, staleTime: 5_000, refetchOnWindowFocus: true, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});

// What failed while the gateway was away, and what may have grown old meanwhile.
onReachedAgain(() => void queryClient.invalidateQueries());

/** Asks again for whatever came from this path or from one below it. */
export function invalidate(prefix: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[1] === "string" && queryKey[1].startsWith(prefix),
  });
}

type ListOf<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Page } } } };
}
  ? Page
  : never;

/** The paths that answer `{items, next_cursor}`. */
export type ListPath = {
  [Path in keyof paths]: ListOf<Path> extends { items: unknown[] } ? Path : never;
}[keyof paths];

/** What a list has in it. */
export type ItemOf<Path extends ListPath> = ListOf<Path> extends { items: (infer Item)[] } ? Item : never;

type QueryOf<Path extends ListPath> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? Omit<NonNullable<Query>, "cursor" | "limit">
  : Record<string, never>;

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

export interface PagesOptions<Path extends ListPath> {
  params?: Partial<QueryOf<Path>>;
  path?: Record<string, string>;
  /** Rows of a page. */
  limit?: number;
  refetchInterval?: number | false;
  enabled?: boolean;
}

export type Pages<Item> = UseInfiniteQueryResult<InfiniteData<Page<Item>>, Error> & { items: Item[] };

/** A list that goes on: `fetchNextPage` brings the next of it, `items` is all that was brought. */
export function usePages<Path extends ListPath>(
  path: Path,
  options: PagesOptions<Path> = {},
): Pages<ItemOf<Path>> {
  const { params = {}, path: placed = {}, limit = 50, refetchInterval = false, enabled = true } = options;
  const query = useInfiniteQuery({
    queryKey: ["get", path, "pages", params, placed, limit],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const init = { params: { query: { ...params, limit, cursor: pageParam }, path: placed }, signal };
      const { data } = await (api.GET as (path: string, init: unknown) => Promise<{ data: unknown }>)(
        path,
        init,
      );
      return data as Page<ItemOf<Path>>;
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval,
    enabled,
  });
  return Object.assign(query, { items: query.data?.pages.flatMap((page) => page.items) ?? [] });
}
