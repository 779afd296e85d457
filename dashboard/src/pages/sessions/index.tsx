/** Sessions: the runs of agents that the events belong to, the newest first, as far back as somebody looks. */
import { useNavigate } from "@tanstack/react-router";
import { RotateCw, Workflow } from "lucide-react";
import type { FormEvent } from "react";
import { useUrlState } from "@/lib/url-state";
import { Button, Code, Empty, Page, Query, SearchInput, SkeletonTable } from "@/ui";
import { lazily } from "@/ui/lazily";
import { isNarrowed, isSystem, URL_STATE, type UrlFilter, WHOLE_TIME } from "./filter";
import { LookedAt } from "./looked-at";
import { SessionTable } from "./session-table";
import { useSessions } from "./use-sessions";
import type { Looked } from "./walk";
import { words } from "./words";

// These come behind the page.
const Filters = lazily(
  () => import("./filters"),
  "Filters",
  <div className="h-28 w-full lg:h-control lg:w-auto" />,
);

const EVERYTHING: UrlFilter = { range: { preset: WHOLE_TIME }, ai: undefined, errors: false };

export default function SessionsPage() {
  const [url, setUrl] = useUrlState(URL_STATE);
  const found = useSessions(url);
  const { query, looked } = found;
  const wanted = url.q.trim();
  const shown = looked === undefined ? [] : matching(looked, wanted);
  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      actions={
        <Button
          variant="ghost"
          icon={RotateCw}
          busy={query.isRefetching && !query.isFetchingNextPage}
          onClick={() => void query.refetch()}
        >
          {words.refresh}
        </Button>
      }
    >
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <ById
          value={url.q}
          onSettle={(q) => setUrl({ q }, { replace: true })}
          isListed={shown.some(({ id }) => id === wanted)}
        />
        <Filters url={url} onChange={(change) => setUrl(change)} />
      </div>
      <Query query={{ ...query, data: looked }} skeleton={<SkeletonTable rows={8} columns={6} />}>
        {(looked) => (
          <>
            {isSystem(url.ai) && !url.errors && <p className="mb-3 text-12 text-muted">{words.ofSystem}</p>}
            {url.errors && <p className="mb-3 text-12 text-muted">{words.ofErrors}</p>}
            <SessionTable
              sessions={shown}
              ofErrors={url.errors}
              empty={
                <None
                  isSearched={wanted !== ""}
                  isNarrowed={isNarrowed(url)}
                  isMore={looked.rest !== "none"}
                  onShowAll={() => setUrl(EVERYTHING)}
                />
              }
            />
            <LookedAt
              looked={looked}
              found={found}
              ofErrors={url.errors}
              onRange={(range) => setUrl({ range })}
            />
          </>
        )}
      </Query>
    </Page>
  );
}

function matching({ sessions }: Looked, wanted: string) {
  const part = wanted.toLowerCase();
  return part === "" ? sessions : sessions.filter(({ id }) => id.toLowerCase().includes(part));
}

interface ByIdProps {
  value: string;
  onSettle(value: string): void;
  isListed: boolean;
}

/** Narrows the list while one types; a whole id is opened, however old its session is. */
function ById({ value, onSettle, isListed }: ByIdProps) {
  const navigate = useNavigate();
  const wanted = value.trim();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // What is typed may not have settled yet.
    const typed = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    if (typed !== "") void navigate({ to: "/sessions/$id", params: { id: typed } });
  };
  return (
    <form onSubmit={submit} className="flex w-full min-w-0 items-center gap-2 sm:w-80">
      <SearchInput name="q" label={words.search} value={value} onSettle={onSettle} />
      {wanted !== "" && !isListed && (
        <Button type="submit" aria-label={words.openId(wanted)}>
          {words.open}
        </Button>
      )}
    </form>
  );
}

interface NoneProps {
  isSearched: boolean;
  isNarrowed: boolean;
  isMore: boolean;
  onShowAll(): void;
}

function None({ isSearched, isNarrowed, isMore, onShowAll }: NoneProps) {
  if (isSearched) {
    return (
      <Empty icon={Workflow} title={words.noneTitle}>
        {words.noneText}
      </Empty>
    );
  }
  if (isNarrowed || isMore) {
    return (
      <Empty
        icon={Workflow}
        title={words.noneFound}
        action={isNarrowed && <Button onClick={onShowAll}>{words.clear}</Button>}
      >
        {isMore ? words.noneYet : words.noneMatch}
      </Empty>
    );
  }
  return (
    <Empty icon={Workflow} title={words.emptyTitle}>
      <p>{words.emptyText}</p>
      <Code language="json" className="mt-3 text-start">
        {'{ "event_type": "ai.query", "metadata": { "session_id": "order-7" }, … }'}
      </Code>
    </Empty>
  );
}
