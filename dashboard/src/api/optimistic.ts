/**
 * Changes that are shown before the gateway has answered: names and views, which nothing depends on. What somebody relies
 * on (a key that is revoked, a session that is ended, events that are refused) is shown once it is so.
 */
import type { QueryKey } from "@tanstack/react-query";
import { invalidate, queryClient } from "./queries";

type Known = [QueryKey, unknown][];

/**
 * The options of a mutation that takes what `path` answered as changed at once. When it is refused, what was known before is
 * put back; either way the path is asked again.
 */
export function optimistic<Answer, Variables>(
  path: string,
  change: (known: Answer, variables: Variables) => Answer,
) {
  const ofPath = { predicate: ({ queryKey }: { queryKey: QueryKey }) => queryKey[1] === path };
  return {
    onMutate: async (variables: Variables): Promise<Known> => {
      // An answer that is on its way would undo it.
      await queryClient.cancelQueries(ofPath);
      const before = queryClient.getQueriesData<unknown>(ofPath);
      queryClient.setQueriesData<Answer>(ofPath, (known) =>
        known === undefined ? undefined : change(known, variables),
      );
      return before;
    },
    onError: (_error: unknown, _variables: Variables, before: Known | undefined): void => {
      for (const [key, known] of before ?? []) queryClient.setQueryData(key, known);
    },
    onSettled: (): void => void invalidate(path),
  };
}
