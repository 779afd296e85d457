/** The list of dead letters: filtered by the URL, picked by hand, redriven some or all. */

import { Inbox, RotateCw } from "lucide-react";
import { useMemo, useState } from "react";
import { usePages, useSession } from "@/api";
import { useUrlState } from "@/lib/url-state";
import { Button, Delayed, Empty, MorePages, Page, Problem, SkeletonTable } from "@/ui";
import { lazily } from "@/ui/lazily";
import { EVERYTHING, filterOf, isNarrowed, redriveFilterOf, URL_STATE } from "./filter";
import { LettersTable } from "./letters-table";
import { Picked } from "./picked";
import { isPickable } from "./reasons";
import type { Order } from "./redrive";
import { words } from "./words";

// These come behind the page.
const Filters = lazily(() => import("./filters"), "Filters", <div className="mb-4 h-control" />);
const RedriveDialog = lazily(() => import("./redrive-dialog"), "RedriveDialog");

const REFRESH_MS = 30_000;

export default function DeadLettersPage() {
  const { can } = useSession();
  const [url, setUrl] = useUrlState(URL_STATE);
  // Fixed while the filter stays the same: a time that moves would ask anew at every render.
  const filter = useMemo(() => filterOf(url, new Date()), [url]);
  const letters = usePages("/api/v1/dead-letters", { params: filter, refetchInterval: REFRESH_MS });
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [order, setOrder] = useState<Order>();

  const pickable = letters.items.filter(isPickable);
  const chosen = pickable.filter((letter) => picked.has(letter.id)).map((letter) => letter.id);
  const showsOpen = url.state !== "redriven";

  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      actions={
        can("topics:manage") && (
          <>
            <Button
              variant="ghost"
              icon={RotateCw}
              onClick={() => void letters.refetch()}
              busy={letters.isRefetching}
            >
              {words.refresh}
            </Button>
            {showsOpen && pickable.length > 0 && (
              <Button onClick={() => setOrder({ filter: redriveFilterOf(filter, new Date()) })}>
                {words.redriveMatching}
              </Button>
            )}
          </>
        )
      }
    >
      <Filters url={url} onChange={(change) => setUrl(change)} />
      {letters.error && letters.items.length === 0 ? (
        <Problem error={letters.error} onRetry={() => void letters.refetch()} />
      ) : letters.isPending ? (
        <Delayed>
          <SkeletonTable rows={8} columns={5} />
        </Delayed>
      ) : letters.items.length === 0 ? (
        <NoLetters
          isNarrowed={isNarrowed(filter)}
          isOpenOnly={filter.state === "open"}
          onShowAll={() => setUrl(EVERYTHING)}
        />
      ) : (
        <>
          {letters.error && <Problem error={letters.error} onRetry={() => void letters.refetch()} />}
          <Picked
            pickable={pickable.length}
            chosen={chosen.length}
            onPickAll={(all) => setPicked(new Set(all ? pickable.map((letter) => letter.id) : []))}
            onRedrive={() => setOrder({ ids: chosen })}
          />
          <LettersTable
            letters={letters.items}
            picked={picked}
            onPick={(id, on) => setPicked((before) => withOrWithout(before, id, on))}
            onRedrive={(id) => setOrder({ ids: [id] })}
          />
          <MorePages query={letters} />
        </>
      )}
      {order !== undefined && (
        <RedriveDialog
          order={order}
          onClose={() => {
            setOrder(undefined);
            setPicked(new Set());
          }}
        />
      )}
    </Page>
  );
}

function NoLetters(props: { isNarrowed: boolean; isOpenOnly: boolean; onShowAll(): void }) {
  const showAll = <Button onClick={props.onShowAll}>{words.showAll}</Button>;
  if (props.isNarrowed) {
    return (
      <Empty
        icon={Inbox}
        title={words.noneMatch}
        action={<Button onClick={props.onShowAll}>{words.clearFilters}</Button>}
      >
        {words.noneMatchHelp}
      </Empty>
    );
  }
  return props.isOpenOnly ? (
    <Empty icon={Inbox} title={words.noOpen} action={showAll}>
      {words.noOpenHelp}
    </Empty>
  ) : (
    <Empty icon={Inbox} title={words.none}>
      {words.noneHelp}
    </Empty>
  );
}

function withOrWithout(set: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
