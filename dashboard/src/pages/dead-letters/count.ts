import { api, type Schemas } from "@/api";

/** The most that a page of the list holds; with the newest 10,000 listed, twenty pages are all there are. */
const PAGE_MAX = 500;
const PAGES_MAX = 20;

/** How many open letters match a filter and can be redriven: a dry run stops at a hundred. */
export async function countRedrivable(filter: Schemas["RedriveFilter"]): Promise<number> {
  const query = {
    state: "open",
    limit: PAGE_MAX,
    ...(filter.reason ? { reason: filter.reason } : {}),
    ...(filter.from ? { from: filter.from } : {}),
    ...(filter.to ? { to: filter.to } : {}),
  };
  let count = 0;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { data } = await api.GET("/api/v1/dead-letters", {
      params: { query: { ...query, ...(cursor === undefined ? {} : { cursor }) } },
    });
    count += data?.items.filter((letter) => letter.redrivable).length ?? 0;
    cursor = data?.next_cursor ?? undefined;
    if (cursor === undefined) break;
  }
  return count;
}
