/** Says how many letters would be redriven and which would not, does it when told to, and tells what became of them. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, invalidate, type Schemas } from "@/api";
import { Button, Callout, Dialog, Problem, Query, Skeleton } from "@/ui";
import { countRedrivable } from "./count";
import { carryOut, type Group, type Order, type Outcome, plan } from "./redrive";
import { words } from "./words";

async function ask(order: Schemas["RedriveOrder"]): Promise<Schemas["RedriveResult"]> {
  const { data } = await api.POST("/api/v1/dead-letters/redrive", { body: order });
  return data as Schemas["RedriveResult"];
}

export function RedriveDialog({ order, onClose }: { order: Order; onClose(): void }) {
  const planned = useQuery({
    queryKey: ["redrive-plan", order],
    queryFn: () => plan(order, ask, countRedrivable),
    // What was counted is of this moment.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const [progress, setProgress] = useState<number>();
  const [outcome, setOutcome] = useState<Outcome>();
  const count = planned.data?.redrivable ?? 0;
  const isRunning = progress !== undefined && outcome === undefined;

  async function run() {
    setProgress(0);
    const became = await carryOut(order, count, ask, setProgress);
    setOutcome(became);
    void invalidate("/api/v1/dead-letters");
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={words.redriveTitle}
      dismissible={!isRunning}
      footer={
        outcome === undefined ? (
          <>
            <Button variant="ghost" onClick={onClose} disabled={isRunning}>
              {words.cancel}
            </Button>
            <Button variant="primary" onClick={() => void run()} busy={isRunning} disabled={count === 0}>
              {words.doRedrive(count)}
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            {words.close}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3 text-13" aria-live="polite">
        {outcome !== undefined ? (
          <Became outcome={outcome} />
        ) : (
          <Query query={planned} skeleton={<Counting />}>
            {(known) => (
              <>
                <p className="text-16 font-medium text-ink">
                  {isRunning ? words.running(progress, count) : words.willRedrive(known.redrivable)}
                </p>
                {known.redrivable > 0 && <p className="text-muted">{words.redriveMeans}</p>}
                <Groups groups={known.refused} title={words.willNot} />
                <Groups groups={known.leftOut} title={words.willLeaveOut} />
              </>
            )}
          </Query>
        )}
      </div>
    </Dialog>
  );
}

function Counting() {
  return (
    <div className="flex flex-col gap-2">
      <span className="text-muted">{words.counting}</span>
      <Skeleton className="h-5 w-56" />
    </div>
  );
}

function Became({ outcome }: { outcome: Outcome }) {
  const { redriven, failed, leftOut, isMore, error } = outcome;
  return (
    <>
      <p className="text-16 font-medium text-ink">{redriven === 0 ? words.doneNone : words.done(redriven)}</p>
      {error !== undefined && (
        <>
          <p className="text-muted">{words.stopped}</p>
          <Problem error={error} />
        </>
      )}
      <Groups groups={failed} title={words.failed} tone="bad" />
      <Groups groups={leftOut} title={words.willLeaveOut} />
      {isMore && error === undefined && <p className="text-muted">{words.moreLeft}</p>}
    </>
  );
}

function Groups(props: { groups: readonly Group[]; title(count: number): string; tone?: "warn" | "bad" }) {
  return props.groups.map((group) => (
    <Callout key={group.text} tone={props.tone ?? "warn"} title={props.title(group.count)}>
      <p>{group.text}</p>
      {group.ids.length > 0 && <p className="mt-1 font-mono text-12 break-words">{words.ids(group.ids)}</p>}
    </Callout>
  ));
}
