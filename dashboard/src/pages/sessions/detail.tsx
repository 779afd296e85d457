/** One session: a run of an agent as a timeline, its events in order, and what it comes to. */

import { Link as RouterLink, useParams } from "@tanstack/react-router";
import { Radio, Workflow } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { DetailTab } from "@/events/event-detail";
import type { ReadRecord } from "@/events/record";
import { useSystemNames } from "@/events/use-system-names";
import { useHotkeys } from "@/lib/hotkeys";
import { optional, useUrlState } from "@/lib/url-state";
import { Badge, Button, Callout, Card, Delayed, Empty, Mono, Page, Problem, Skeleton, Time } from "@/ui";
import { lazily } from "@/ui/lazily";
import { Steps, type StepsHandle } from "./steps";
import { totalsOf } from "./totals";
import { useGaps } from "./use-gaps";
import { useSessionEvents } from "./use-session-events";
import { words } from "./words";

// These come behind the page.
const TimelineView = lazily(() => import("./timeline-view"), "TimelineView");
const TotalsView = lazily(() => import("./totals-view"), "TotalsView");
const EventDrawer = lazily(() => import("./event-drawer"), "EventDrawer");

export default function SessionPage() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  return <Session key={id} id={id} />;
}

function Session({ id }: { id: string }) {
  const session = useSessionEvents(id);
  const { records, isLoading, error, isCut, isActive, count } = session;
  const first = records[0];
  return (
    <Page
      wide
      title={words.sessionTitle}
      subtitle={
        <span className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <Mono copy>{id}</Mono>
          {first !== undefined && <Time value={first.timestamp} style="datetime" />}
          {isActive && (
            <Badge tone="good" dot>
              {words.active}
            </Badge>
          )}
        </span>
      }
      back={{ to: "/sessions", label: words.back }}
      actions={
        <Button icon={Radio} render={<RouterLink to="/live" search={{ session: id } as never} />}>
          {words.asLive}
        </Button>
      }
    >
      {error !== null ? (
        <Problem error={error} onRetry={session.retry} />
      ) : isLoading ? (
        <Delayed isQuiet>
          <Waiting count={count} />
        </Delayed>
      ) : records.length === 0 ? (
        <Card>
          <Empty
            icon={Workflow}
            title={words.missingTitle}
            action={<Button onClick={session.retry}>{words.refresh}</Button>}
          >
            {words.missingText}
          </Empty>
        </Card>
      ) : (
        <>
          {isCut && (
            <Callout tone="warn" className="mb-4">
              {words.cut(records.length)}
            </Callout>
          )}
          <Loaded records={records} />
        </>
      )}
    </Page>
  );
}

function Loaded({ records }: { records: readonly ReadRecord[] }) {
  const [url, setUrl] = useUrlState({ event: optional() });
  const [tab, setTab] = useState<DetailTab>("story");
  const [current, setCurrent] = useState(url.event);
  const steps = useRef<StepsHandle>(null);
  const names = useSystemNames();
  const totals = useMemo(() => totalsOf(records), [records]);
  const { gaps, isCounted } = useGaps(records);
  const opened = url.event === undefined ? undefined : records.find(({ id }) => id === url.event);

  const open = (id: string) => {
    setCurrent(id);
    steps.current?.show(id);
    setUrl({ event: id }, { replace: url.event !== undefined });
  };
  const move = (step: number) => {
    const at = records.findIndex(({ id }) => id === current);
    const next = at === -1 ? 0 : Math.min(records.length - 1, Math.max(0, at + step));
    const id = records[next]?.id;
    if (id === undefined) return;
    if (url.event !== undefined) return open(id);
    setCurrent(id);
    steps.current?.show(id);
  };
  useHotkeys(
    {
      j: { run: () => move(1), label: words.keyDown },
      k: { run: () => move(-1), label: words.keyUp },
      enter: { run: () => current !== undefined && open(current), label: words.keyOpen },
    },
    { scope: words.keys },
  );
  return (
    <>
      <div className="grid min-w-0 gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <TimelineView
            records={records}
            gaps={gaps}
            current={current}
            durationMs={totals.durationMs}
            onSelect={open}
          />
          <Card title={words.steps} padded={false}>
            <div className="border-t">
              <Steps
                ref={steps}
                records={records}
                gaps={gaps}
                names={names}
                current={current}
                onSelect={open}
                onMove={move}
              />
            </div>
          </Card>
        </div>
        <TotalsView totals={totals} gaps={gaps} isCounted={isCounted} />
      </div>
      {opened !== undefined && (
        <EventDrawer
          record={opened}
          tab={tab}
          onTab={setTab}
          onOpen={open}
          onClose={() => setUrl({ event: undefined })}
        />
      )}
    </>
  );
}

function Waiting({ count }: { count: number }) {
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="text-muted">
        {words.loading(count)}
      </p>
      <Skeleton className="h-48 rounded-8" />
      <Skeleton className="h-96 rounded-8" />
    </div>
  );
}
