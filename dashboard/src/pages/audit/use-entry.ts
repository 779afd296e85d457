/** The entry that the address names: among those that are loaded, or looked for around the moment that its id tells. */
import { usePages } from "@/api";
import { type Entry, madeAtMs } from "./entry";

/** An id is made just before the time that is written down. */
const AROUND_MS = 2_000;
const LOOKED_AT_MAX = 500;

interface Found {
  entry: Entry | undefined;
  /** There is none of this id, as far as this person may see. */
  isMissing: boolean;
}

export function useEntry(id: string | undefined, loaded: readonly Entry[], isLoading: boolean): Found {
  const known = loaded.find((entry) => entry.id === id);
  const madeAt = id === undefined ? undefined : madeAtMs(id);
  const isWanted = madeAt !== undefined && known === undefined && !isLoading;
  const around = usePages("/api/v1/audit", {
    params: {
      from: new Date((madeAt ?? 0) - AROUND_MS).toISOString(),
      to: new Date((madeAt ?? 0) + AROUND_MS).toISOString(),
    },
    limit: LOOKED_AT_MAX,
    enabled: isWanted,
  });
  const entry = known ?? (isWanted ? around.items.find((one) => one.id === id) : undefined);
  const isLookedFor = isWanted ? around.isFetched : !isLoading;
  return { entry, isMissing: id !== undefined && entry === undefined && isLookedFor };
}
