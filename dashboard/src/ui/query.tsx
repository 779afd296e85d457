import type { ReactNode } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { Problem } from "./problem";
import { problemText } from "./problem-text";
import { useDelayed } from "./use-delayed";
import { VisuallyHidden } from "./visually-hidden";
import { problems, words } from "./words";

/** What is asked of a query, also of one that goes on page by page. */
export interface QueryState<T> {
  data: T | undefined;
  error: unknown;
  isError: boolean;
  isRefetchError: boolean;
  refetch(): unknown;
}

export interface QueryProps<T> {
  query: QueryState<T>;
  /** The shape of what comes. */
  skeleton: ReactNode;
  children(data: T): ReactNode;
}

const SKELETON_AFTER_MS = 150;

/** The states of what is asked for: on its way, failed, there; there but not new, when asking again has failed. */
export function Query<T>({ query, skeleton, children }: QueryProps<T>) {
  const { data, error, isError, isRefetchError, refetch } = query;
  const isWaiting = data === undefined && !isError;
  const isSlow = useDelayed(isWaiting, SKELETON_AFTER_MS);

  if (data !== undefined) {
    return (
      <>
        {isRefetchError && <Stale error={error} onRetry={refetch} />}
        {children(data)}
      </>
    );
  }
  if (isError) return <Problem error={error} onRetry={refetch} />;
  // The region is there from the beginning, so that what it says is spoken.
  return (
    <div role="status">
      {isSlow && <VisuallyHidden>{words.loading}</VisuallyHidden>}
      {/* Its place is held from the beginning: nothing below moves when it is seen. */}
      <div style={isSlow ? undefined : { visibility: "hidden" }}>{skeleton}</div>
    </div>
  );
}

/** One line above what is known: the way to the gateway is told for the whole page elsewhere. */
function Stale({ error, onRetry }: { error: unknown; onRetry(): unknown }) {
  const { kind, title } = problemText(error);
  if (kind === "offline") return null;
  return (
    <Callout tone="warn" className="mb-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="min-w-0">
          {words.stale}: {title}
        </span>
        <Button size="sm" onClick={() => onRetry()}>
          {problems.retry}
        </Button>
      </div>
    </Callout>
  );
}
