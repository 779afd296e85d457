/** Whether the gateway can do its work, thing by thing; useful also while it does not answer. */
import { useQuery } from "@tanstack/react-query";
import { useConnection, useSession } from "@/api";
import { Delayed, Page, Skeleton } from "@/ui";
import { lazily } from "@/ui/lazily";
import { Dependencies } from "./dependencies";
import { GatewayCard } from "./gateway-card";
import { ask, isReachable, type Watch, watch } from "./health";
import { History } from "./history";
import { Overall } from "./overall";
import { SpoolCard } from "./spool-card";
import { overallOf } from "./told";
import { words } from "./words";

// It comes behind the page, and the charts with it.
const LagCard = lazily(() => import("./lag-card"), "LagCard", <Skeleton className="h-[394px] w-full" />);

const EVERY_MS = 5_000;
const KEY = ["health"];

/** What was seen is kept as long as the tab is there, so that going to another page and back forgets nothing. */
function useWatch(): Watch | undefined {
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: async ({ client, signal }) =>
      watch(client.getQueryData<Watch>(KEY), await ask(signal), Date.now()),
    refetchInterval: EVERY_MS,
    refetchOnReconnect: "always",
    staleTime: 0,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    networkMode: "always",
  });
  return data;
}

export default function StatusPage() {
  const known = useWatch();
  const connection = useConnection();
  const { can } = useSession();
  return (
    <Page title={words.title} subtitle={words.subtitle}>
      {known === undefined ? (
        <Delayed>
          <Shape />
        </Delayed>
      ) : (
        <div className="flex flex-col gap-4">
          <Overall told={overallOf(known, connection)} since={known.states.gateway} />
          {known.answer && (
            <>
              <Dependencies known={known} />
              <div className="grid items-start gap-4 lg:grid-cols-2">
                <SpoolCard spool={known.answer.readiness.spool ?? undefined} since={known.states.spool} />
                <GatewayCard known={known} />
              </div>
            </>
          )}
          {can("metrics:read") && <LagCard isReachable={isReachable(known)} />}
          <History changes={known.changes} />
        </div>
      )}
    </Page>
  );
}

function Shape() {
  return (
    <div className="flex flex-col gap-4">
      <Skeleton className="h-22 w-full" />
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Skeleton className="h-48 w-full" />
        <Skeleton className="h-48 w-full" />
      </div>
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
