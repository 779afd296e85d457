/** An event, whole: its story, its JSON, its signature, and the way to its neighbours. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useMemo } from "react";
import { useDebounced } from "@/lib/debounced";
import { formatCount } from "@/lib/numbers";
import { story as tell } from "@/lib/story";
import { Badge, IconButton, Json, Link, Tabs } from "@/ui";
import { ContextView } from "./context-view";
import { useNeighbours } from "./neighbours";
import { marksOfRecord, type ReadRecord } from "./record";
import { SignatureView } from "./signature-view";
import { StoryView } from "./story-view";
import { words } from "./words";

export type DetailTab = "story" | "json" | "signature";

interface Props {
  record: ReadRecord;
  /** The record as the gateway sent it. */
  text: string;
  tab: DetailTab;
  onTab(tab: DetailTab): void;
  /** Shows another event of the session. */
  onOpen(id: string): void;
}

/** Whoever goes through a list quickly does not ask for the neighbours of all of it. */
const STAYED_MS = 300;

export function EventDetail({ record, text, tab, onTab, onOpen }: Props) {
  const story = useMemo(() => tell(record.event), [record]);
  const marks = useMemo(() => marksOfRecord(record.redactions), [record]);
  return (
    <div className="@container flex min-w-0 flex-col gap-3 p-4">
      <NeighboursBar key={record.sessionId} record={record} onOpen={onOpen} />
      <p className="break-words font-medium text-14">
        <bdi dir="auto">{story.title}</bdi>
      </p>
      <Tabs
        value={tab}
        onChange={(value) => onTab(value as DetailTab)}
        tabs={[
          {
            value: "story",
            label: words.story,
            content: (
              <div className="grid min-w-0 gap-6 @4xl:grid-cols-[minmax(0,1fr)_22rem]">
                <StoryView key={record.id} story={story} redactions={record.redactions} />
                <section className="min-w-0 border-t pt-4 @4xl:border-s @4xl:border-t-0 @4xl:ps-6 @4xl:pt-0">
                  <h3 className="mb-2 font-medium text-12 text-muted">{words.context}</h3>
                  <ContextView record={record} />
                </section>
              </div>
            ),
          },
          {
            value: "json",
            label: words.json,
            content: <Json key={record.id} value={undefined} text={text} marks={marks} />,
          },
          { value: "signature", label: words.signature, content: <SignatureView record={record} /> },
        ]}
      />
    </div>
  );
}

function NeighboursBar({ record, onOpen }: { record: ReadRecord; onOpen(id: string): void }) {
  const settled = useDebounced(record.id, STAYED_MS);
  const { data } = useNeighbours(record, settled === record.id);
  const { sessionId, redactions } = record;
  return (
    <div className="-mt-1 flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-12 text-muted">
      {sessionId !== undefined && (
        <nav aria-label={words.neighbours} className="flex min-w-0 items-center gap-1">
          <IconButton
            icon={ChevronLeft}
            size="sm"
            label={words.previous}
            disabled={data?.previous === undefined}
            onClick={() => data?.previous !== undefined && onOpen(data.previous)}
            className="-ms-1.5"
          />
          <span className="min-w-0">
            {data?.place !== undefined && (
              <>
                {words.place(formatCount(data.place.at), formatCount(data.place.of))} {words.inSession}
              </>
            )}
            {data !== undefined && data.place === undefined && words.wholeSession}
          </span>
          <IconButton
            icon={ChevronRight}
            size="sm"
            label={words.next}
            disabled={data?.next === undefined}
            onClick={() => data?.next !== undefined && onOpen(data.next)}
          />
          <Link to="/sessions/$id" params={{ id: sessionId }} search={{ event: record.id } as never}>
            {words.wholeSession}
          </Link>
        </nav>
      )}
      {redactions.length > 0 && (
        <Badge tone="accent" className="ms-auto">
          {words.hiddenCount(redactions.length)}
        </Badge>
      )}
    </div>
  );
}
