import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { cx } from "./cx";
import { type LinkTarget, LinkTo } from "./link";
import { words } from "./words";

export interface PageProps {
  title: string;
  subtitle?: ReactNode;
  actions?: ReactNode;
  /** As wide as there is room, instead of at most 1240 px. */
  wide?: boolean;
  back?: LinkTarget & { label: string };
  children: ReactNode;
}

/** A page: its heading, what can be done on it, and its title in the browser. */
export function Page({ title, subtitle, actions, wide = false, back, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title]);
  return (
    <div className={cx("mx-auto w-full min-w-0 px-4 py-6 sm:px-8 sm:py-7", !wide && "max-w-[1304px]")}>
      {back && <BackLink {...back} />}
      <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 max-w-full">
          <h1 tabIndex={-1} className="break-words font-semibold text-20 outline-none">
            {title}
          </h1>
          {subtitle && <div className="mt-0.5 break-words text-13 text-muted">{subtitle}</div>}
        </div>
        {actions && <div className="flex min-w-0 flex-wrap items-center gap-2 print:hidden">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

function BackLink({ label, ...target }: LinkTarget & { label: string }) {
  return (
    <LinkTo
      target={target}
      className="-ms-1 mb-2 inline-flex min-h-6 items-center gap-1 px-1 text-12 text-muted no-underline hover:text-ink pointer-coarse:min-h-10 print:hidden"
    >
      <ArrowLeft aria-hidden="true" className="size-3.5" />
      {label}
    </LinkTo>
  );
}
