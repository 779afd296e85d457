/** The messages of a topic, page by page. */
import { ChevronLeft, ChevronRight, Inbox } from "lucide-react";
import { useState } from "react";
import { useHotkeys } from "@/lib/hotkeys";
import { Button, Callout, Delayed, Empty, Problem, SkeletonTable } from "@/ui";
import type { SetTopicState, TopicState } from "../detail";
import type { TopicDescribed } from "../use-topics";
import { words } from "../words";
import { MessageDrawer } from "./drawer";
import { messageParam, placeOf } from "./place";
import type { MessagePage, TopicMessage } from "./read";
import { MessageTable } from "./table";
import { Toolbar } from "./toolbar";
import { PAGE_MESSAGES, PlaceNotFound, useMessagePage } from "./use-page";

const { browser: text } = words;

interface Props {
  topic: TopicDescribed;
  state: TopicState;
  setState: SetTopicState;
}

export function Browser({ topic, state, setState }: Props) {
  const place = placeOf(state, topic);
  // A page further on is where one has walked to, and no place of its own: walking begins anew at another place.
  const placeKey = JSON.stringify(place);
  const [walk, setWalk] = useState<{ placeKey: string; cursors: string[] }>({ placeKey, cursors: [] });
  const cursors = walk.placeKey === placeKey ? walk.cursors : [];
  const page = useMessagePage(topic, place, cursors.at(-1));
  const items = page.data?.items ?? [];
  const selected = items.findIndex((message) => messageParam(message) === state.message);

  const go = (next: string[]) => {
    setWalk({ placeKey, cursors: next });
    setState({ message: undefined }, { replace: true });
  };
  const isNewest = place.kind === "newest" && cursors.length === 0;
  const nextCursor = page.data?.nextCursor;
  const hasNext = !isNewest && nextCursor !== undefined && page.data?.caughtUp === false;
  const earlier = earlierOffset(
    items[0],
    topic,
    cursors.length === 0 && place.partition !== undefined && !isNewest,
  );
  const hasPrevious = cursors.length > 0 || earlier !== undefined;

  const next = () => hasNext && go([...cursors, nextCursor]);
  const previous = () => {
    if (cursors.length > 0) go(cursors.slice(0, -1));
    else if (earlier !== undefined) setState({ start: "offset", offset: earlier, message: undefined });
  };
  const readAgain = () => void page.refetch();
  const select = (message: TopicMessage | undefined, replace: boolean) =>
    setState({ message: message && messageParam(message) }, { replace });
  const move = (by: number) => {
    const to = items[Math.min(items.length - 1, Math.max(0, selected === -1 ? 0 : selected + by))];
    if (to !== undefined) select(to, true);
  };

  useHotkeys({
    j: { run: () => move(1), label: words.message.next },
    k: { run: () => move(-1), label: words.message.previous },
    n: { run: () => void next(), label: text.next },
    b: { run: previous, label: text.previous },
    r: { run: readAgain, label: text.refresh },
  });

  return (
    <div className="flex flex-col gap-3">
      <Toolbar topic={topic} state={state} setState={setState} onReadAgain={readAgain} />
      {page.data?.expired === true && <Callout tone="warn">{text.expired}</Callout>}
      <div aria-busy={page.isFetching}>
        {page.data !== undefined ? (
          <Found
            page={page.data}
            isFirst={cursors.length === 0}
            selected={state.message}
            onSelect={(message) => select(message, false)}
          />
        ) : page.error instanceof PlaceNotFound ? (
          <Empty icon={Inbox} title={text.notFound} />
        ) : page.isError ? (
          <Problem error={page.error} onRetry={() => void page.refetch()} />
        ) : (
          <Delayed>
            <SkeletonTable rows={8} columns={5} />
          </Delayed>
        )}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-12 text-muted tabular-nums" aria-live="polite">
          {page.isPending && place.kind !== "from" && cursors.length === 0
            ? text.seeking
            : page.data && told(page.data, isNewest, place.partition === undefined)}
        </p>
        <div className="flex gap-2">
          <Button size="sm" icon={ChevronLeft} disabled={!hasPrevious} onClick={previous}>
            {text.previous}
          </Button>
          <Button size="sm" icon={ChevronRight} disabled={!hasNext} onClick={() => void next()}>
            {text.next}
          </Button>
        </div>
      </div>
      <MessageDrawer
        message={items[selected]}
        onClose={() => select(undefined, false)}
        onPrevious={selected > 0 ? () => move(-1) : undefined}
        onNext={selected !== -1 && selected < items.length - 1 ? () => move(1) : undefined}
      />
    </div>
  );
}

/** Within one partition there is a page before the first one that was asked for: it is reached by its offset. */
function earlierOffset(
  first: TopicMessage | undefined,
  topic: TopicDescribed,
  isOffsetKnown: boolean,
): number | undefined {
  if (!isOffsetKnown || first === undefined || topic.reserved) return undefined;
  const bounds = topic.statistics.partitions.find(({ partition }) => partition === first.partition);
  if (bounds === undefined || first.offset <= bounds.earliest) return undefined;
  return Math.max(bounds.earliest, first.offset - PAGE_MESSAGES);
}

interface FoundProps {
  page: MessagePage;
  isFirst: boolean;
  selected: string | undefined;
  onSelect(message: TopicMessage): void;
}

function Found({ page, isFirst, selected, onSelect }: FoundProps) {
  if (page.items.length > 0)
    return <MessageTable messages={page.items} selected={selected} onSelect={onSelect} />;
  if (!page.caughtUp) {
    return (
      <Empty icon={Inbox} title={text.passedOver}>
        {text.passedOverHelp}
      </Empty>
    );
  }
  return (
    <Empty icon={Inbox} title={text.none}>
      {isFirst ? text.noneHelp : text.noneEnd}
    </Empty>
  );
}

function told(page: MessagePage, isNewest: boolean, isOfAll: boolean): string {
  const parts = [text.shown(page.items.length)];
  if (isNewest && page.items.length > 1) parts.push(text.isNewest);
  if (!isNewest && isOfAll && page.items.length > 1) parts.push(text.noOrder);
  if (!isNewest && page.caughtUp && page.items.length > 0) parts.push(text.caughtUp);
  return parts.join(" · ");
}
