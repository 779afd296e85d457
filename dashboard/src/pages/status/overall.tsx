import { CircleAlert, CircleCheck, CircleHelp, type LucideIcon, TriangleAlert } from "lucide-react";
import type { Since } from "./health";
import { SinceWhen } from "./since-when";
import type { Told, Tone } from "./words";

const looks: Record<Tone, { icon: LucideIcon; className: string }> = {
  good: { icon: CircleCheck, className: "bg-good-soft text-good" },
  warn: { icon: TriangleAlert, className: "bg-warn-soft text-warn" },
  bad: { icon: CircleAlert, className: "bg-bad-soft text-bad" },
  neutral: { icon: CircleHelp, className: "bg-raised text-muted" },
};

/** The whole in one word; a change of it is spoken. */
export function Overall({ told, since }: { told: Told; since: Since | undefined }) {
  const { icon: Icon, className } = looks[told.tone];
  return (
    <section className="flex items-start gap-3 rounded-8 border border-line bg-surface p-4">
      <span className={`grid size-10 shrink-0 place-items-center rounded-full ${className}`}>
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-3" role="status">
          <h2 className="font-semibold text-20">{told.label}</h2>
        </div>
        <p className="max-w-[72ch]">{told.means}</p>
        {told.todo && <p className="mt-1 max-w-[72ch] text-muted">{told.todo}</p>}
        {since && (
          <p className="mt-1 text-12 text-muted">
            <SinceWhen since={since} />
          </p>
        )}
      </div>
    </section>
  );
}
