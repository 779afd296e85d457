/** An event's own page: its permalink. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { FileQuestion } from "lucide-react";
import { useMemo } from "react";
import { $api, isProblem } from "@/api";
import { EventActions } from "@/events/event-actions";
import { type DetailTab, EventDetail } from "@/events/event-detail";
import { readRecord } from "@/events/record";
import { writeJson } from "@/lib/json-write";
import { oneOf, useUrlState } from "@/lib/url-state";
import { Button, Card, Delayed, Empty, EventTypeBadge, Mono, Page, Problem, Skeleton } from "@/ui";
import { words } from "./words";

/** What was just recorded is stored a moment later. */
const LOOK_AGAIN_MS = 2_000;
const LOOKS_MAX = 5;

export default function EventPage() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  return <Event key={id} id={id} />;
}

function Event({ id }: { id: string }) {
  const stored = $api.useQuery(
    "get",
    "/aibbar/events/{event_id}",
    { params: { path: { event_id: id } } },
    {
      refetchInterval: ({ state }) =>
        isProblem(state.error, "not_found") && state.errorUpdateCount < LOOKS_MAX ? LOOK_AGAIN_MS : false,
    },
  );
  const text = useMemo(() => (stored.data === undefined ? undefined : writeJson(stored.data)), [stored.data]);
  return (
    <Page
      title={words.title}
      subtitle={<Mono copy>{id}</Mono>}
      back={{ to: "/live", label: words.back }}
      actions={text !== undefined && <EventActions id={id} text={text} hasPage={false} />}
    >
      {text !== undefined && stored.data !== undefined ? (
        <Shown value={stored.data} text={text} />
      ) : stored.error === null ? (
        <Delayed>
          <Waiting />
        </Delayed>
      ) : isProblem(stored.error, "not_found", "invalid_parameter") ? (
        <Card>
          <Empty
            icon={FileQuestion}
            title={words.missing}
            action={
              <Button onClick={() => void stored.refetch()} busy={stored.isFetching}>
                {words.lookAgain}
              </Button>
            }
          >
            {words.missingText}
          </Empty>
        </Card>
      ) : (
        <Problem error={stored.error} onRetry={() => void stored.refetch()} />
      )}
    </Page>
  );
}

function Shown({ value, text }: { value: unknown; text: string }) {
  const [url, setUrl] = useUrlState({ tab: oneOf<DetailTab>(["story", "json", "signature"], "story") });
  const navigate = useNavigate();
  const record = useMemo(() => readRecord(value), [value]);
  return (
    <Card padded={false} title={<EventTypeBadge type={record.type} className="text-14" />}>
      <EventDetail
        record={record}
        text={text}
        tab={url.tab}
        onTab={(tab) => setUrl({ tab }, { replace: true })}
        onOpen={(other) => void navigate({ to: "/event/$id", params: { id: other }, search: true })}
      />
    </Card>
  );
}

function Waiting() {
  return (
    <Card>
      <div className="flex flex-col gap-3">
        {["w-1/2", "w-1/3", "w-full", "w-full", "w-2/3"].map((width, index) => (
          <Skeleton key={index} className={width} />
        ))}
      </div>
    </Card>
  );
}
