/** Whether a key is good, as a word with its colour; and how much it may. */
import { validity } from "@/lib/validity";
import { Badge, Tooltip } from "@/ui";
import { type ApiKey, overlapLeft } from "./rules";
import { words } from "./words";

export function KeyStatus({ of, now }: { of: ApiKey; now: Date }) {
  if (of.status === "revoked") return <Badge tone="neutral">{words.status.revoked}</Badge>;
  if (of.status === "expired") return <Badge tone="bad">{words.status.expired}</Badge>;
  const end = validity(of.expires_at, now);
  const overlap = overlapLeft(of, now);
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {end.kind === "soon" ? (
        <Badge tone="warn" dot>
          {words.status.soon(end.left)}
        </Badge>
      ) : (
        <Badge tone="good" dot>
          {words.status.active}
        </Badge>
      )}
      {overlap !== undefined && <Badge tone="info">{words.status.overlap(overlap)}</Badge>}
    </span>
  );
}

const SHOWN_MAX = 2;

export function ScopeBadges({ scopes }: { scopes: ApiKey["scopes"] }) {
  const shown = scopes.slice(0, SHOWN_MAX);
  const rest = scopes.slice(shown.length);
  return (
    <span className="flex flex-wrap items-center gap-1 sm:flex-nowrap">
      {shown.map((scope) => (
        <span key={scope} className="rounded-6 border border-line px-1.5 font-mono text-11 text-muted">
          {scope}
        </span>
      ))}
      {rest.length > 0 && (
        <Tooltip label={words.moreScopes(rest.join(", "))}>
          <span className="rounded-6 border border-line px-1.5 text-11 text-muted tabular-nums">
            {words.more(rest.length)}
          </span>
        </Tooltip>
      )}
    </span>
  );
}

export function LimitsShown({ of }: { of: ApiKey }) {
  const { requests_per_minute, events_per_day } = of.effective_limits;
  return words.limits(requests_per_minute, events_per_day);
}
