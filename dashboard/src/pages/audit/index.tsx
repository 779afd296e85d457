/** The audit trail: filtered by the address, as long as it is, each entry a sentence. */

import { Download, RotateCw, ScrollText, SearchX } from "lucide-react";
import { useMemo } from "react";
import { queryClient, usePages } from "@/api";
import { csv, download } from "@/lib/download";
import { useHotkeys } from "@/lib/hotkeys";
import { optional, range, text, useUrlState } from "@/lib/url-state";
import { Button, Callout, Empty, MorePages, Page, Query, SkeletonTable, Tooltip, toast } from "@/ui";
import { lazily } from "@/ui/lazily";
import { EntryRows } from "./entry-rows";
import { type Filter, isNarrowed, parametersOf } from "./filter";
import { csvRows, rowsOf } from "./rows";
import { useEntry } from "./use-entry";
import { useNames } from "./use-names";
import { useNewer } from "./use-newer";
import { words } from "./words";

// These come behind the page.
const EntryDetails = lazily(() => import("./entry-details"), "EntryDetails");
const Filters = lazily(() => import("./filters"), "Filters", <div className="h-control" />);

const PAGE_ENTRIES = 200;
const SUGGESTED_MAX = 50;

export default function AuditPage() {
  const [state, setState] = useUrlState({
    actor: text(""),
    action: text(""),
    target: text(""),
    range: range("all"),
    entry: optional(),
  });
  const filter: Filter = {
    actor: state.actor,
    action: state.action,
    target: state.target,
    range: state.range,
  };
  // Fixed while the filter stays the same: a time that moves would ask anew with every drawing.
  const parameters = useMemo(
    () =>
      parametersOf(
        { actor: state.actor, action: state.action, target: state.target, range: state.range },
        new Date(),
      ),
    [state.actor, state.action, state.target, state.range],
  );
  const pages = usePages("/api/v1/audit", { params: parameters, limit: PAGE_ENTRIES });
  const entries = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  const names = useNames(entries);
  const rows = useMemo(() => rowsOf(entries, new Date()), [entries]);
  const isNewer = useNewer(parameters, entries[0]);
  const { entry: open, isMissing } = useEntry(state.entry, entries, pages.isPending);
  const at = entries.findIndex(({ id }) => id === state.entry);
  const actors = useMemo(() => actorsOf(entries), [entries]);

  const show = (next: number) => {
    const entry = entries[next];
    if (entry !== undefined) setState({ entry: entry.id }, { replace: true });
  };
  useHotkeys({
    j: { label: words.details.next, run: () => show(at + 1) },
    k: { label: words.details.previous, run: () => show(Math.max(0, at - 1)) },
  });

  /** From the newest on, instead of asking for every page that was brought. */
  const refresh = () =>
    void queryClient.resetQueries({ predicate: ({ queryKey }) => queryKey[1] === "/api/v1/audit" });

  function save(): void {
    download(words.fileName, "text/csv", csv(csvRows(entries)));
    toast.good(words.exported(entries.length));
  }

  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      actions={
        <>
          <Button variant="ghost" icon={RotateCw} onClick={refresh} busy={pages.isRefetching}>
            {words.refresh}
          </Button>
          {entries.length > 0 && (
            <Tooltip label={words.exportHint(entries.length, !pages.hasNextPage)}>
              <Button icon={Download} onClick={save}>
                {words.export}
              </Button>
            </Tooltip>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Filters
          filter={filter}
          onChange={(changes) => setState({ ...changes, entry: undefined })}
          actors={actors}
        />
        {isNewer && (
          <div
            className="flex flex-wrap items-center gap-2 rounded-8 bg-info-soft px-3 py-2 text-info"
            role="status"
          >
            {words.newer}
            <Button size="sm" onClick={refresh}>
              {words.show}
            </Button>
          </div>
        )}
        {isMissing && <Callout tone="info">{words.missing}</Callout>}
        <Query query={pages} skeleton={<SkeletonTable rows={10} columns={3} />}>
          {() =>
            entries.length === 0 ? (
              <Nothing
                isNarrowed={isNarrowed(filter)}
                onClear={() => setState({ ...ALL, entry: undefined })}
              />
            ) : (
              <>
                <EntryRows
                  rows={rows}
                  names={names}
                  selected={state.entry}
                  onOpen={(entry) => setState({ entry: entry.id }, { replace: state.entry !== undefined })}
                />
                <MorePages query={pages} />
              </>
            )
          }
        </Query>
      </div>
      {open !== undefined && (
        <EntryDetails
          key={open.id}
          of={open}
          names={names}
          onClose={() => setState({ entry: undefined })}
          onFilter={(changes) => setState({ ...ALL, ...changes, entry: undefined })}
          onNewer={at > 0 ? () => show(at - 1) : undefined}
          onOlder={at >= 0 && at + 1 < entries.length ? () => show(at + 1) : undefined}
        />
      )}
    </Page>
  );
}

const ALL: Filter = { actor: "", action: "", target: "", range: { preset: "all" } };

/** Who did something, as the API finds them by name; those who are not named are not suggested. */
function actorsOf(entries: readonly { actor: { kind: string; id: string; name: string } }[]): string[] {
  const named = entries.flatMap(({ actor }) => (actor.name === "" ? [] : [actor.name]));
  return [...new Set(named)].slice(0, SUGGESTED_MAX);
}

function Nothing({ isNarrowed: isFiltered, onClear }: { isNarrowed: boolean; onClear(): void }) {
  return isFiltered ? (
    <Empty
      icon={SearchX}
      title={words.noneFound.title}
      action={<Button onClick={onClear}>{words.filters.clear}</Button>}
    >
      {words.noneFound.body}
    </Empty>
  ) : (
    <Empty icon={ScrollText} title={words.empty.title}>
      {words.empty.body}
    </Empty>
  );
}
