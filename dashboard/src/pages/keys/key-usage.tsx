/** A key's limits, and what it has used of them. */
import { $api, type Schemas } from "@/api";
import { formatExact } from "@/lib/numbers";
import { Callout, DataList, Meter, Time } from "@/ui";
import type { ApiKey } from "./rules";
import { words } from "./words";

type LimitUsage = Schemas["LimitUsage"];

const REFRESH_MS = 5_000;

export function KeyUsage({ of }: { of: ApiKey }) {
  const usage = $api.useQuery(
    "get",
    "/api/v1/keys/{id}/usage",
    { params: { path: { id: of.id } } },
    { refetchInterval: REFRESH_MS },
  );
  const limits = of.effective_limits;
  return (
    <>
      {usage.isError && <Callout tone="warn">{words.detail.usageUnknown}</Callout>}
      <DataList
        items={[
          {
            label: words.detail.requests,
            value: (
              <Limit
                own={of.requests_per_minute}
                holds={limits.requests_per_minute}
                used={usage.data?.requests_per_minute}
              />
            ),
          },
          {
            label: words.detail.events,
            value: (
              <Limit
                own={of.events_per_day}
                holds={limits.events_per_day}
                used={usage.data?.events_per_day}
              />
            ),
          },
        ]}
      />
    </>
  );
}

interface LimitProps {
  own: number | null | undefined;
  holds: number | null | undefined;
  /** Nothing while it is not known. */
  used: LimitUsage | null | undefined;
}

function Limit({ own, holds, used }: LimitProps) {
  if (holds == null) return words.detail.noLimit;
  const whose = own === holds ? words.detail.own : words.detail.plan;
  const count = used == null ? words.detail.usedUnknown : formatExact(used.used);
  return (
    <span className="flex flex-col gap-1.5">
      <span className="tabular-nums">
        {words.detail.usedOf(count, formatExact(holds))} <span className="text-faint">({whose})</span>
      </span>
      <Meter value={used?.used ?? 0} max={holds} label={words.detail.used} />
      {used?.resets_at != null && (
        <span className="text-12 text-faint">
          {words.detail.resets} <Time value={used.resets_at} style="time" />
        </span>
      )}
    </span>
  );
}
