import { useState } from "react";

export interface Action {
  isBusy: boolean;
  /** Why the last try failed. */
  error: unknown;
  /** Forgets the last failure, and tries. */
  run(work: () => Promise<unknown>): Promise<void>;
}

/** Something that is sent to the gateway when it is told to: while it goes on, and what came of it. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function run(work: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, error, run };
}
