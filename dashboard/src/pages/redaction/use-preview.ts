/** Asks the gateway what it would hide of a sample, once the typing pauses. The last answer stays until the next is there. */
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, type Schemas } from "@/api";
import { useDebounced } from "@/lib/debounced";

const PAUSE_MS = 300;

export type Preview = Schemas["RedactionPreview"];

export function usePreview(
  sample: Schemas["RedactionSample"] | undefined,
): UseQueryResult<Preview> & { isBehind: boolean } {
  // As text: two samples that say the same are the same.
  const wanted = sample === undefined ? "" : JSON.stringify(sample);
  const asked = useDebounced(wanted, PAUSE_MS);
  const query = useQuery({
    queryKey: ["redaction-preview", asked],
    queryFn: async ({ signal }) => {
      const body = JSON.parse(asked) as Schemas["RedactionSample"];
      const { data } = await api.POST("/api/v1/redaction/preview", { body, signal });
      return data as Preview;
    },
    enabled: asked !== "" && wanted !== "",
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    // Nothing of a sample is kept, here neither.
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return Object.assign(query, { isBehind: wanted !== asked || query.isPlaceholderData });
}
