import { Button, Callout } from "@/ui";
import { words } from "./words";

/** What is shown where a page fell over: it is told, and can be loaded again. */
export function Broken({ error }: { error: unknown }) {
  const isOldPage = error instanceof TypeError && /dynamically imported|module script/i.test(error.message);
  return (
    <main className="mx-auto max-w-[640px] p-6">
      <h1 className="mb-3 font-semibold text-20">{isOldPage ? words.newer.title : words.broken.title}</h1>
      <Callout tone={isOldPage ? "info" : "bad"}>{isOldPage ? words.newer.detail : words.broken.detail}</Callout>
      {!isOldPage && (
        <pre className="mt-3 overflow-x-auto font-mono text-12 text-muted">
          {error instanceof Error ? error.message : String(error)}
        </pre>
      )}
      <Button className="mt-4" variant="primary" onClick={() => location.reload()}>
        {words.broken.reload}
      </Button>
    </main>
  );
}
