/** The organisation's topics. */
import { useNavigate } from "@tanstack/react-router";
import { Layers, Plus, Search } from "lucide-react";
import { useState } from "react";
import { usePages, useSession } from "@/api";
import { useHotkeys } from "@/lib/hotkeys";
import { flag, optional, text, useUrlState } from "@/lib/url-state";
import {
  Badge,
  Button,
  Count,
  Delayed,
  Empty,
  MorePages,
  Page,
  Problem,
  SearchInput,
  SkeletonTable,
  Table,
} from "@/ui";
import { lazily } from "@/ui/lazily";
import { Consumers, ErrorRate, Month, Today, Trend } from "./row-figures";
import { type Topic, useTrends } from "./use-topics";
import { words } from "./words";

// These come behind the page.
const CreateTopic = lazily(() => import("./create"), "CreateTopic");
const DeleteTopic = lazily(() => import("./delete"), "DeleteTopic");

/** Few organisations have more topics than one page holds, so what is filtered is all of them. */
const PAGE_TOPICS = 500;

export default function TopicsPage() {
  const [state, setState] = useUrlState({ q: text(), create: flag(), delete: optional() });
  const { can } = useSession();
  const [search, setSearch] = useState<HTMLInputElement | null>(null);
  const mayManage = can("topics:manage");
  const topics = usePages("/api/v1/topics", { limit: PAGE_TOPICS });
  const trendOf = useTrends();
  const navigate = useNavigate();
  const wanted = state.q.trim().toLowerCase();
  const rows = topics.items.filter(({ name }) => name.toLowerCase().includes(wanted));
  const doomed = topics.items.find(({ name }) => name === state.delete);

  useHotkeys({ "/": { run: () => search?.focus(), label: words.filter } });
  useHotkeys({ c: { run: () => setState({ create: true }), label: words.create } }, { enabled: mayManage });

  const open = (name: string, tab: string, dialog?: string) =>
    void navigate({ to: "/topics/$name", params: { name }, search: { tab, dialog } as never });

  return (
    <Page
      title={words.title}
      subtitle={words.subtitle}
      actions={
        mayManage && (
          <Button variant="primary" icon={Plus} onClick={() => setState({ create: true })}>
            {words.create}
          </Button>
        )
      }
    >
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <SearchInput
          ref={setSearch}
          label={words.filter}
          value={state.q}
          onSettle={(q) => setState({ q }, { replace: true })}
          className="w-full sm:w-72"
        />
        {topics.hasNextPage && wanted !== "" && (
          <span className="text-12 text-muted">{words.filterLoaded}</span>
        )}
      </div>
      {topics.isPending ? (
        <Delayed>
          <SkeletonTable rows={6} columns={7} />
        </Delayed>
      ) : topics.isError && topics.items.length === 0 ? (
        <Problem error={topics.error} onRetry={() => void topics.refetch()} />
      ) : (
        <>
          <Table<Topic>
            label={words.table}
            rows={rows}
            rowKey={({ name }) => name}
            rowHref={({ name }) => ({ to: "/topics/$name", params: { name } })}
            columns={[
              {
                key: "name",
                header: words.columns.name,
                primary: true,
                cell: (topic) => <Name topic={topic} />,
              },
              {
                key: "trend",
                header: words.columns.trend,
                width: "7rem",
                cell: ({ name }) => <Trend topic={name} points={trendOf(name)} />,
              },
              {
                key: "partitions",
                header: words.columns.partitions,
                align: "right",
                cell: ({ partitions }) => <Count value={partitions} />,
              },
              {
                key: "consumers",
                header: words.columns.consumers,
                align: "right",
                cell: ({ name }) => <Consumers topic={name} />,
              },
              {
                key: "today",
                header: words.columns.today,
                align: "right",
                cell: ({ name }) => <Today topic={name} />,
              },
              {
                key: "month",
                header: words.columns.month,
                align: "right",
                cell: ({ name }) => <Month topic={name} />,
              },
              {
                key: "errors",
                header: words.columns.errors,
                align: "right",
                cell: ({ name }) => <ErrorRate topic={name} />,
              },
            ]}
            menu={({ name, reserved }) => [
              { label: words.read, onSelect: () => open(name, "messages") },
              ...(reserved
                ? []
                : [{ label: words.publish, onSelect: () => open(name, "messages", "publish") }]),
              ...(mayManage && !reserved
                ? [
                    { label: words.change, onSelect: () => open(name, "configuration") },
                    "separator" as const,
                    { label: words.delete, danger: true, onSelect: () => setState({ delete: name }) },
                  ]
                : []),
            ]}
            empty={<None filter={state.q.trim()} onClear={() => setState({ q: "" })} />}
          />
          <MorePages query={topics} />
        </>
      )}
      {state.create && mayManage && <CreateTopic onClose={() => setState({ create: false })} />}
      {doomed && mayManage && !doomed.reserved && (
        <DeleteTopic name={doomed.name} open onClose={() => setState({ delete: undefined })} />
      )}
    </Page>
  );
}

function Name({ topic }: { topic: Topic }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <span className="font-mono text-12 [overflow-wrap:anywhere]">{topic.name}</span>
      {topic.reserved && <Badge tone="accent">{words.reserved}</Badge>}
      {topic.compacted && <Badge tone="neutral">{words.compacted}</Badge>}
      {topic.schema && <Badge tone="neutral">{words.schema}</Badge>}
    </span>
  );
}

function None({ filter, onClear }: { filter: string; onClear(): void }) {
  if (filter === "") {
    return (
      <Empty icon={Layers} title={words.none}>
        {words.noneHelp}
      </Empty>
    );
  }
  return (
    <Empty
      icon={Search}
      title={words.noneMatch(filter)}
      action={<Button onClick={onClear}>{words.clearFilter}</Button>}
    />
  );
}
