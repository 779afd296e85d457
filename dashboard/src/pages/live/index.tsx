/** The live events: what is being recorded, as it is recorded, and below it what was. */

import { ArrowUp, Pause, Play } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "@/api";
import { eventAddress } from "@/events/address";
import type { DetailTab } from "@/events/event-detail";
import { useSystemNames } from "@/events/use-system-names";
import { useHotkeys } from "@/lib/hotkeys";
import { useUrlState } from "@/lib/url-state";
import { Button, IconButton, toast } from "@/ui";
import { lazily } from "@/ui/lazily";
import { isOfEvents, questionOf, type Url, urlSchema } from "./filters";
import { Grid, type GridHandle } from "./grid";
import { rowAt, rowCount, type View } from "./live-list";
import type { Row } from "./row";
import { Toolbar } from "./toolbar";
import { useLive } from "./use-live";
import { words } from "./words";

// These come behind the page.
const Counts = lazily(() => import("./footer"), "Counts", <div className="h-9 shrink-0 border-t" />);
const RatePill = lazily(() => import("./rate-pill"), "RatePill", <span className="h-7 w-13" />);
const Nothing = lazily(() => import("./nothing"), "Nothing");
const EndOfRows = lazily(() => import("./end-of-rows"), "EndOfRows");
const Notice = lazily(() => import("./notice"), "Notice");
const Panel = lazily(() => import("./panel"), "Panel");
const Views = lazily(() => import("./views"), "Views", <div className="h-control w-[84px]" />);

const NO_FILTERS: Partial<Url> = {
  type: undefined,
  ai: undefined,
  session: undefined,
  request: undefined,
  q: "",
  range: undefined,
  from: undefined,
  to: undefined,
};

export default function LivePage() {
  const { organisation } = useSession();
  // Another organisation has another stream.
  return <Live key={organisation.id} />;
}

function Live() {
  const [url, setUrl] = useUrlState(urlSchema);
  const { event: opened, ...filters } = url;
  const asked = JSON.stringify(filters);
  // A range that counts back from now is asked once, not at every drawing.
  // `asked` has all of them.
  const question = useMemo(() => questionOf(url, new Date()), [asked]);
  const { list, view } = useLive(question);
  const names = useSystemNames();
  const [tab, setTab] = useState<DetailTab>("story");
  const [selected, setCurrent] = useState<string>();
  const current = selected ?? keyOf(view, opened);
  const grid = useRef<GridHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const ofEvents = isOfEvents(url);

  useEffect(() => {
    document.title = words.documentTitle;
  }, []);
  useEffect(() => setCurrent(undefined), [question]);

  const open = useCallback(
    (id: string) => setUrl({ event: id }, { replace: opened !== undefined }),
    [setUrl, opened],
  );
  const select = useCallback(
    (row: Row) => {
      list.hold();
      setCurrent(row.key);
      open(row.id);
    },
    [list, open],
  );
  const move = (step: number) => {
    const index = nextIndex(list.view, current, step, grid.current?.firstSeen() ?? 0);
    const row = rowAt(list.view, index);
    if (row === undefined) return;
    list.hold();
    setCurrent(row.key);
    grid.current?.show(index);
    if (opened !== undefined) open(row.id);
  };
  const toTop = () => {
    setCurrent(undefined);
    list.release();
    grid.current?.toTop();
  };
  const openOther = (id: string) => {
    setCurrent(keyOf(list.view, id));
    open(id);
  };
  const isPaused = view.stream.kind === "paused";
  const togglePause = () => (isPaused ? list.resume() : list.pause());
  const canPause = view.stream.kind !== "history" && view.stream.kind !== "ended";
  const close = () => {
    setUrl({ event: undefined });
    grid.current?.focus();
  };

  useHotkeys(
    {
      j: { run: () => move(1), label: words.keyDown },
      k: { run: () => move(-1), label: words.keyUp },
      enter: { run: () => openCurrent(list.view, current, open), label: words.keyOpen },
      space: { run: () => canPause && togglePause(), label: words.keyPause },
      "/": { run: () => search.current?.focus(), label: words.keySearch },
      p: { run: () => void copyLink(list.view, current, opened), label: words.keyLink },
      t: { run: toTop, label: words.keyTop },
      // While the panel is open, the key is the panel's.
      ...(opened === undefined && { esc: { run: () => setCurrent(undefined), label: "" } }),
    },
    { scope: words.keys },
  );

  const isEmpty = rowCount(view) === 0;
  const isSettled =
    view.history.kind === "end" || (view.history.kind === "none" && view.stream.kind === "live");
  const goOn = () => {
    const oldest = view.tail.at(-1);
    if (oldest !== undefined)
      setUrl({ range: undefined, from: new Date(0).toISOString(), to: oldest.happened });
  };
  return (
    <div className="flex h-full min-h-80 min-w-0 flex-col">
      <header className="flex flex-col gap-2 px-4 pt-3 pb-2">
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <h1 tabIndex={-1} className="font-semibold text-16 outline-none">
            {words.title}
          </h1>
          <RatePill view={view} />
          <div className="ms-auto flex items-center gap-1">
            <Views url={url} onChoose={(chosen) => setUrl({ ...chosen, event: undefined })} />
            <IconButton
              icon={isPaused ? Play : Pause}
              label={isPaused ? words.resume : words.pause}
              shortcut="space"
              aria-pressed={isPaused}
              disabled={!canPause}
              onClick={togglePause}
            />
          </div>
        </div>
        <Toolbar url={url} onChange={(change, options) => setUrl(change, options)} searchRef={search} />
      </header>
      <Notice list={list} view={view} />
      <div className="relative flex min-h-0 min-w-0 flex-1 flex-col border-t bg-surface">
        {view.fresh > 0 && (
          <Button
            variant="primary"
            size="sm"
            icon={ArrowUp}
            aria-label={words.freshFull(view.fresh)}
            onClick={toTop}
            className="absolute top-10 left-1/2 z-2 -translate-x-1/2 rounded-full shadow-popover max-sm:top-2"
          >
            {words.fresh(view.fresh)}
          </Button>
        )}
        {isEmpty && isSettled ? (
          <div className="min-h-0 flex-1 overflow-y-auto">
            <Nothing url={url} isLive={question.isLive} onClear={() => setUrl(NO_FILTERS)} />
          </div>
        ) : (
          <Grid
            ref={grid}
            list={list}
            view={view}
            current={current}
            isOfEvents={ofEvents}
            names={names}
            isKept={current !== undefined || opened !== undefined}
            onSelect={select}
            onMove={move}
            footer={<EndOfRows list={list} view={view} onGoOn={goOn} />}
          />
        )}
      </div>
      <Counts list={list} view={view} />
      {opened !== undefined && (
        <Panel id={opened} view={view} tab={tab} onTab={setTab} onOpen={openOther} onClose={close} />
      )}
    </div>
  );
}

/** The row that a step leads to; the first one in sight where none is selected. */
function nextIndex(view: View, current: string | undefined, step: number, firstSeen: number): number {
  const index = indexOf(view, current);
  if (index === -1) return firstSeen;
  return Math.min(rowCount(view) - 1, Math.max(0, index + step));
}

function indexOf(view: View, key: string | undefined): number {
  if (key === undefined) return -1;
  const inHead = view.head.findIndex((row) => row.key === key);
  if (inHead !== -1) return inHead;
  const inTail = view.tail.findIndex((row) => row.key === key);
  return inTail === -1 ? -1 : view.head.length + inTail;
}

/** The key of the row that an address names. */
function keyOf(view: View, id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  const isIt = (row: Row) => row.id === id;
  return (view.head.find(isIt) ?? view.tail.find(isIt))?.key;
}

function openCurrent(view: View, current: string | undefined, open: (id: string) => void): void {
  const row = rowAt(view, indexOf(view, current));
  if (row !== undefined) open(row.id);
}

async function copyLink(view: View, current: string | undefined, opened: string | undefined): Promise<void> {
  const row = rowAt(view, indexOf(view, current));
  const id = row?.kind === "event" ? row.id : opened;
  if (id === undefined || id.includes("/")) return;
  try {
    await navigator.clipboard.writeText(eventAddress(id));
    toast.good(words.linkCopied);
  } catch {
    toast.bad(eventAddress(id));
  }
}
