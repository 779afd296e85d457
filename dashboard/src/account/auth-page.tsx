import { type ReactNode, useEffect } from "react";
import { Foreign } from "@/ui";

/** A page of those who are not signed in: the mark, a heading, a card. */
export function AuthPage({
  title,
  children,
  footer,
}: {
  title: string;
  children: ReactNode;
  footer?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · GAPIN`;
  }, [title]);
  return (
    <main className="grid min-h-dvh place-items-center bg-canvas px-4 py-10">
      <div className="w-full max-w-96">
        <div className="mb-6 flex items-center justify-center gap-2 font-semibold text-16">
          <img src="/favicon.svg" alt="" width={24} height={24} />
          GAPIN
        </div>
        <div className="flex flex-col gap-4 rounded-12 border border-line bg-surface p-6">
          <h1 className="break-words font-semibold text-20">{title}</h1>
          {children}
        </div>
        {footer !== undefined && <div className="mt-4 text-center text-13 text-muted">{footer}</div>}
      </div>
    </main>
  );
}

/** An address, inside of a sentence. */
export function Address({ children }: { children: string }) {
  return (
    <strong className="font-medium">
      <Foreign>{children}</Foreign>
    </strong>
  );
}
