/** Below the list: how far back it has looked, and the way on. */

import type { Range } from "@/lib/time";
import { Button, Problem, Time } from "@/ui";
import { rangeBefore } from "./filter";
import type { useSessions } from "./use-sessions";
import { EVENTS_MAX, type Looked, SESSIONS_MAX } from "./walk";
import { words } from "./words";

interface LookedAtProps {
  looked: Looked;
  found: ReturnType<typeof useSessions>;
  ofErrors: boolean;
  onRange(range: Range): void;
}

export function LookedAt({ looked, found: { query, filter }, ofErrors, onRange }: LookedAtProps) {
  const { events, oldestMs, apart, rest } = looked;
  const goOn = () => void query.fetchNextPage();
  return (
    <div className="mt-3 flex flex-col items-start gap-3">
      <div role="status" className="text-12 text-muted">
        <p>
          {words.lookedAt(events, ofErrors)}
          {oldestMs !== undefined && (
            <>
              {words.backTo} <Time value={oldestMs} style="datetime" />
            </>
          )}
          . {rest === "none" ? words.noMore : rest === "more" ? words.countedSoFar : ""}
        </p>
        {apart > 0 && <p>{words.apart(apart)}</p>}
      </div>
      {rest === "full" && oldestMs !== undefined && filter !== undefined && (
        <div className="flex flex-wrap items-center gap-3 text-13 text-muted">
          <p>{words.full(SESSIONS_MAX, EVENTS_MAX)}</p>
          <Button onClick={() => onRange(rangeBefore(oldestMs, filter))}>{words.goOnBefore}</Button>
        </div>
      )}
      {query.isFetchNextPageError ? (
        <Problem error={query.error} onRetry={goOn} compact />
      ) : (
        rest === "more" && (
          <Button busy={query.isFetchingNextPage} onClick={goOn}>
            {words.more}
          </Button>
        )
      )}
    </div>
  );
}
