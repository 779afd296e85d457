/** One topic. */

import { useNavigate, useParams } from "@tanstack/react-router";
import { Radio, Send } from "lucide-react";
import { useSession } from "@/api";
import { useHotkeys } from "@/lib/hotkeys";
import { oneOf, optional, text, useUrlState, whole } from "@/lib/url-state";
import { Badge, Button, Delayed, Link, Page, Problem, Skeleton, Tabs } from "@/ui";
import { lazily } from "@/ui/lazily";
import { STARTS } from "./messages/place";
import { type TopicDescribed, useTopic } from "./use-topics";
import { words } from "./words";

// These come behind the page.
const Configuration = lazily(() => import("./configuration"), "Configuration");
const Consumers = lazily(() => import("./consumers"), "Consumers");
const DeleteTopic = lazily(() => import("./delete"), "DeleteTopic");
const Browser = lazily(() => import("./messages/browser"), "Browser");
const Overview = lazily(() => import("./overview"), "Overview");
const TestMessage = lazily(() => import("./test-message"), "TestMessage");

const TABS = ["overview", "messages", "consumers", "configuration"] as const;
const OFFSET_MAX = Number.MAX_SAFE_INTEGER;

/** What of the page stands in its address. */
const schema = {
  tab: oneOf(TABS, "overview"),
  dialog: optional(),
  period: oneOf(["1h", "6h", "24h", "7d"], "24h"),
  partition: text(),
  start: oneOf(STARTS, "newest"),
  at: optional(),
  offset: whole(0, 0, OFFSET_MAX),
  message: optional(),
};

export function useTopicState() {
  return useUrlState(schema);
}

export type TopicState = ReturnType<typeof useTopicState>[0];
export type SetTopicState = ReturnType<typeof useTopicState>[1];

export default function TopicPage() {
  const { name = "" } = useParams({ strict: false }) as { name?: string };
  const topic = useTopic(name);
  const back = { to: "/topics", label: words.back };
  if (topic.data !== undefined) {
    return <Shown key={name} topic={topic.data} />;
  }
  return (
    <Page title={name} back={back}>
      {topic.isError ? (
        <Problem error={topic.error} onRetry={() => void topic.refetch()} />
      ) : (
        <Delayed>
          <Loading />
        </Delayed>
      )}
    </Page>
  );
}

/** The live page shows events unless it is told another topic. */
function watched({ name, reserved }: TopicDescribed) {
  return { to: "/live", search: (reserved ? {} : { topic: name }) as never };
}

function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <Skeleton className="h-9 w-80 max-w-full" />
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {Array.from({ length: 6 }, (_, i) => (
          <Skeleton key={i} className="h-24 rounded-8" />
        ))}
      </div>
      <Skeleton className="h-60 rounded-8" />
    </div>
  );
}

function Shown({ topic }: { topic: TopicDescribed }) {
  const [state, setState] = useTopicState();
  const { can } = useSession();
  const navigate = useNavigate();
  const publish = () => setState({ dialog: "publish" });
  useHotkeys({ p: { run: publish, label: words.publish } }, { enabled: !topic.reserved });

  const open = (fromMs: number, toMs: number) => {
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    if (!topic.reserved) return setState({ tab: "messages", start: "time", at: from, message: undefined });
    void navigate({ href: `/live?${new URLSearchParams({ from, to })}` });
  };
  const show = (partition: number, offset: number) =>
    setState({
      dialog: undefined,
      tab: "messages",
      start: "offset",
      partition: String(partition),
      offset,
      message: `${partition}:${offset}`,
    });
  const close = () => setState({ dialog: undefined });

  return (
    <Page
      title={topic.name}
      back={{ to: "/topics", label: words.back }}
      subtitle={
        <span className="flex flex-wrap gap-2">
          {topic.reserved && <Badge tone="accent">{words.reserved}</Badge>}
          {topic.compacted && <Badge tone="neutral">{words.compacted}</Badge>}
          {topic.schema && <Badge tone="neutral">{words.schema}</Badge>}
        </span>
      }
      actions={
        <>
          <Button icon={Radio} render={<Link {...watched(topic)} />}>
            {words.watch}
          </Button>
          {!topic.reserved && (
            <Button icon={Send} onClick={publish}>
              {words.publish}
            </Button>
          )}
        </>
      }
    >
      <Tabs
        value={state.tab}
        onChange={(tab) => setState({ tab: tab as TopicState["tab"], message: undefined })}
        tabs={[
          {
            value: "overview",
            label: words.tabs.overview,
            content: (
              <Overview
                topic={topic}
                period={state.period}
                onPeriod={(period) => setState({ period }, { replace: true })}
                onOpen={open}
              />
            ),
          },
          {
            value: "messages",
            label: words.tabs.messages,
            content: <Browser topic={topic} state={state} setState={setState} />,
          },
          { value: "consumers", label: words.tabs.consumers, content: <Consumers topic={topic.name} /> },
          {
            value: "configuration",
            label: words.tabs.configuration,
            content: <Configuration topic={topic} onDelete={() => setState({ dialog: "delete" })} />,
          },
        ]}
      />
      {!topic.reserved && state.dialog === "publish" && (
        <TestMessage topic={topic} onClose={close} onShow={show} />
      )}
      {can("topics:manage") && !topic.reserved && state.dialog === "delete" && (
        <DeleteTopic
          name={topic.name}
          messages={topic.statistics.messages}
          open
          onClose={close}
          onDeleted={() => navigate({ to: "/topics" })}
        />
      )}
    </Page>
  );
}
