import type { Schemas } from "@/api";
import { Badge, Card, Tooltip } from "@/ui";
import { isReachable, type Since, type Watch } from "./health";
import { SinceWhen } from "./since-when";
import { dependencyOf, dependencyWords } from "./told";
import { words } from "./words";

/** A card for each thing that the gateway depends on. */
export function Dependencies({ known }: { known: Watch }) {
  const isStale = !isReachable(known);
  return (
    <section aria-label={words.dependenciesTitle}>
      <ul className="grid grid-cols-[repeat(auto-fit,minmax(min(20rem,100%),1fr))] gap-4">
        {known.answer?.readiness.dependencies.map((dependency) => (
          <li key={dependency.name} className="flex">
            <One
              dependency={dependency}
              since={known.states[`dependency:${dependency.name}`]}
              isStale={isStale}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface OneProps {
  dependency: Schemas["Dependency"];
  since: Since | undefined;
  isStale: boolean;
}

function One({ dependency, since, isStale }: OneProps) {
  const told = dependencyOf(dependency);
  const { title, what } = dependencyWords(dependency.name);
  return (
    <Card
      className="flex-1"
      title={title}
      actions={
        <Badge tone={isStale ? "neutral" : told.tone} dot>
          {told.label}
        </Badge>
      }
    >
      <div className="flex flex-col gap-2">
        <p className="flex flex-wrap items-center gap-2 text-12 text-muted">
          <span>{words.kinds[dependency.kind] ?? dependency.kind}</span>
          <Tooltip label={dependency.required ? words.requiredHint : words.notRequiredHint}>
            <span tabIndex={0} className="rounded-4">
              <Badge tone="neutral">{dependency.required ? words.required : words.notRequired}</Badge>
            </span>
          </Tooltip>
        </p>
        <p className="text-muted">{what}</p>
        <p>{told.means}</p>
        {told.todo && (
          <p>
            <span className="font-medium">{words.whatToDo}</span> {told.todo}
          </p>
        )}
        {since && (
          <p className="text-12 text-muted">
            {isStale && `${words.stale}; `}
            {told.label} <SinceWhen since={since} />
          </p>
        )}
      </div>
    </Card>
  );
}
