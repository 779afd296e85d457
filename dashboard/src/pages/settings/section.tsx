import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  help: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A heading over a table, which has a frame of its own. */
export function Section({ title, help, actions, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-3">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 max-w-[72ch]">
          <h2 id={id} className="font-semibold text-14">
            {title}
          </h2>
          <p className="text-muted">{help}</p>
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
