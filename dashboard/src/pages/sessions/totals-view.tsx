/** What the session comes to. */
import { formatCount, formatDuration } from "@/lib/numbers";
import { formatDollars, PRICES_OF } from "@/lib/prices";
import { cut, visible } from "@/lib/text";
import { formatTime } from "@/lib/time";
import { Badge, Card, Count, DataList, EventTypeBadge, Tooltip } from "@/ui";
import type { ModelTotals, Totals } from "./totals";
import type { KnownGap } from "./use-gaps";
import { words } from "./words";

interface Props {
  totals: Totals;
  gaps: readonly KnownGap[];
  /** Whether its events carry sequence numbers at all. */
  isCounted: boolean;
}

const NAME_CHARS_MAX = 60;

export function TotalsView({ totals, gaps, isCounted }: Props) {
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Card title={words.totals}>
        <DataList
          items={[
            { label: words.events, value: <Count value={totals.events} /> },
            { label: words.duration, value: formatDuration(totals.durationMs) },
            { label: words.spent, value: formatDuration(totals.latencyMs) },
            { label: words.longest, value: formatDuration(totals.longestMs) },
            { label: words.errorCount, value: <Errors totals={totals} /> },
            { label: words.gaps, value: <Gaps gaps={gaps} isCounted={isCounted} /> },
          ]}
        />
        <ul className="mt-4 flex flex-wrap gap-x-4 gap-y-1 border-t pt-3" aria-label={words.byType}>
          {totals.byType.map(({ type, count }) => (
            <li key={type} className="inline-flex items-center gap-1.5">
              <EventTypeBadge type={type} />
              <span className="text-12 text-muted">{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={words.tokens}>
        <Tokens totals={totals} />
      </Card>
    </div>
  );
}

function Errors({ totals }: { totals: Totals }) {
  if (totals.errors === 0) return words.noGaps;
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <span className="text-bad">{formatCount(totals.errors)}</span>
      {totals.fatal > 0 && <Badge tone="bad">{words.fatal(totals.fatal)}</Badge>}
    </span>
  );
}

function Gaps({ gaps, isCounted }: Pick<Props, "gaps" | "isCounted">) {
  if (!isCounted) return <span className="text-muted">{words.noSequence}</span>;
  const lost = gaps.reduce((sum, { state }) => sum + (state.kind === "missing" ? state.lost : 0), 0);
  const isUnknown = gaps.some(({ state }) => state.kind === "unchecked");
  return (
    <Tooltip label={words.gapsWhy}>
      <span tabIndex={0} className="underline decoration-dotted underline-offset-3">
        {lost > 0 ? (
          <span className="text-warn">{formatCount(lost)}</span>
        ) : isUnknown ? (
          words.gapsUnknown
        ) : (
          words.noGaps
        )}
      </span>
    </Tooltip>
  );
}

function Tokens({ totals }: { totals: Totals }) {
  const { models, cost, unpriced, other } = totals;
  if (models.length === 0) return <p className="text-muted">{words.noModels}</p>;
  const isPriced = models.some((model) => model.cost !== undefined);
  const isPart = unpriced.length > 0 || other > 0;
  const date = formatTime(PRICES_OF, "date", "UTC");
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <ul className="flex min-w-0 flex-col gap-3">
        {models.map((model) => (
          <ModelItem key={model.model} model={model} />
        ))}
      </ul>
      <div className="border-t pt-3">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-muted">{words.cost}</span>
          {isPriced ? (
            <>
              {isPart && <span className="text-12 text-muted">{words.costAtLeast}</span>}
              <span className="font-semibold text-16">{formatDollars(cost)}</span>
              <Badge tone="neutral">{words.estimated}</Badge>
            </>
          ) : (
            <span className="text-muted">{words.noPrice}</span>
          )}
        </p>
        <div className="mt-1.5 flex flex-col gap-1 text-12 text-faint">
          {isPriced && <p>{words.costWhy(date)}</p>}
          {unpriced.length > 0 && <p>{words.unpriced(unpriced.map(modelName).join(", "))}</p>}
          {other > 0 && <p>{words.unsplit(other)}</p>}
        </div>
      </div>
    </div>
  );
}

function modelName(model: string): string {
  return model === "" ? words.unnamed : cut(visible(model), NAME_CHARS_MAX);
}

function ModelItem({ model }: { model: ModelTotals }) {
  return (
    <li className="min-w-0">
      <div className="flex min-w-0 items-baseline justify-between gap-3">
        <bdi className="min-w-0 truncate font-mono text-12">{modelName(model.model)}</bdi>
        <span className="shrink-0 text-12 text-muted">
          {model.cost === undefined ? words.noPrice : formatDollars(model.cost)}
        </span>
      </div>
      <p className="flex flex-wrap gap-x-3 text-12 text-muted">
        {(model.input > 0 || model.output > 0) && (
          <>
            <span>
              {words.tokensIn} <Count value={model.input} className="text-ink" />
            </span>
            <span>
              {words.tokensOut} <Count value={model.output} className="text-ink" />
            </span>
          </>
        )}
        {model.other > 0 && (
          <span>
            {words.tokensOther} <Count value={model.other} className="text-ink" />
          </span>
        )}
      </p>
    </li>
  );
}
