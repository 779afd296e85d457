import { words } from "./words";

/** What is shown where a page fell over. It needs nothing that would have to be loaded: that may be what failed. */
export function Broken({ error }: { error: unknown }) {
  const isOldPage = error instanceof TypeError && /dynamically imported|module script/i.test(error.message);
  const said = isOldPage ? words.newer : words.broken;
  return (
    <main className="mx-auto max-w-[640px] p-6">
      <h1 className="mb-3 font-semibold text-20">{said.title}</h1>
      <p className="text-13 text-muted">{said.detail}</p>
      {!isOldPage && (
        <pre className="mt-3 overflow-x-auto font-mono text-12 text-muted">
          {error instanceof Error ? error.message : String(error)}
        </pre>
      )}
      <button
        type="button"
        onClick={() => location.reload()}
        className="mt-4 h-8 cursor-pointer rounded-6 bg-accent px-3 font-medium text-13 text-on-accent"
      >
        {words.broken.reload}
      </button>
    </main>
  );
}
