import { $api } from "@/api";
import { words } from "./words";

/** Buttons of the providers that are configured; nothing where there are none. They lead away from this page. */
export function Providers({ returnTo }: { returnTo: string }) {
  const { data } = $api.useQuery("get", "/auth/providers", {}, { staleTime: Number.POSITIVE_INFINITY });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <>
      <div className="flex flex-col gap-2">
        {data.items.map(({ provider, name, start }) => (
          <a
            key={provider}
            href={`${start}?return_to=${encodeURIComponent(returnTo)}`}
            className="flex h-8 items-center justify-center gap-2 rounded-6 border border-control bg-surface font-medium text-13 text-ink no-underline hover:bg-raised pointer-coarse:h-10"
          >
            {words.providers(name)}
          </a>
        ))}
      </div>
      <div className="flex items-center gap-3 text-12 text-muted">
        <span aria-hidden="true" className="h-px flex-1 bg-line" />
        {words.or}
        <span aria-hidden="true" className="h-px flex-1 bg-line" />
      </div>
    </>
  );
}
