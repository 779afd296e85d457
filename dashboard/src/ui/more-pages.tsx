import { useEffect, useRef } from "react";
import { useAnnounce } from "./announce";
import { Button } from "./button";
import { Problem } from "./problem";
import { words } from "./words";

/** What is asked of an infinite query. */
export interface PagesQuery {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: unknown;
  fetchNextPage(): unknown;
}

/** So many pages come by themselves while one scrolls; then the end of the page can be reached again. */
const BY_ITSELF_MAX = 10;
const AHEAD = "400px";

/** The end of a list that goes on: brings the next page when it is nearly seen, or when it is pressed. */
export function MorePages({ query }: { query: PagesQuery }) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, error, fetchNextPage } = query;
  const announce = useAnnounce();
  const end = useRef<HTMLDivElement>(null);
  const byItself = useRef(0);
  const isPressed = useRef(false);

  useEffect(() => {
    const element = end.current;
    if (element === null || !hasNextPage || isFetchingNextPage || isFetchNextPageError) return;
    if (byItself.current >= BY_ITSELF_MAX) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        byItself.current += 1;
        observer.disconnect();
        fetchNextPage();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  // Only who has asked for it is told that it is there.
  useEffect(() => {
    if (isFetchingNextPage || isFetchNextPageError || !isPressed.current) return;
    isPressed.current = false;
    announce(words.moreLoaded);
  }, [isFetchingNextPage, isFetchNextPageError, announce]);

  function load() {
    isPressed.current = true;
    byItself.current = 0;
    fetchNextPage();
  }

  if (isFetchNextPageError) return <Problem error={error} onRetry={load} compact />;
  if (!hasNextPage) return null;
  return (
    <div ref={end} className="flex justify-center py-4 print:hidden">
      <Button onClick={load} busy={isFetchingNextPage}>
        {words.loadMore}
      </Button>
    </div>
  );
}
