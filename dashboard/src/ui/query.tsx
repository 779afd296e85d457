import type { ReactNode } from "react";
import { Button } from "./button";
import { Callout } from "./callout";
import { Delayed } from "./delayed";
import { Problem } from "./problem";
import { problemText } from "./problem-text";
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

/** The states of what is asked for: on its way, failed, there; there but not new, when asking again has failed. */
export function Query<T>({ query, skeleton, children }: QueryProps<T>) {
  const { data, error, isError, isRefetchError, refetch } = query;

  if (data !== undefined) {
    return (
      <>
        {isRefetchError && <Stale error={error} onRetry={refetch} />}
        {children(data)}
      </>
    );
  }
  if (isError) return <Problem error={error} onRetry={refetch} />;
  return <Delayed>{skeleton}</Delayed>;
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
