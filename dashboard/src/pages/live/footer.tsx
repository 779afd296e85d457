/** What is shown, what came, and what was missed: below the rows, always in sight. */
import { Button, Kbd, Tooltip } from "@/ui";
import { type LiveList, rowCount, type View } from "./live-list";
import { words } from "./words";

export function Counts({ list, view }: { list: LiveList; view: View }) {
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-t px-4 py-1 text-12 text-muted">
      <span>{words.shown(rowCount(view))}</span>
      {view.stream.kind !== "history" && <span>{words.received(view.received)}</span>}
      {view.letGo > 0 && (
        <Tooltip label={words.letGoWhy}>
          <span tabIndex={0} className="underline decoration-dotted underline-offset-3">
            {words.letGo(view.letGo)}
          </span>
        </Tooltip>
      )}
      {view.missed > 0 && (
        <span className="inline-flex items-center gap-1 text-warn">
          <Tooltip label={words.missedWhy}>
            <span tabIndex={0} className="underline decoration-dotted underline-offset-3">
              {words.missed(view.missed)}
            </span>
          </Tooltip>
          <Button size="sm" variant="ghost" onClick={() => list.recover()}>
            {words.recover}
          </Button>
        </span>
      )}
      {view.behindMs > 0 && (
        <span className="inline-flex items-center gap-1 text-warn">
          {words.behind(view.behindMs)}
          <Button size="sm" variant="ghost" onClick={() => list.skipToNow()}>
            {words.skip}
          </Button>
        </span>
      )}
      <span className="ms-auto hidden items-center gap-1.5 lg:flex pointer-coarse:hidden">
        <Kbd keys="j" />
        <Kbd keys="k" />
        {words.move}
        <Kbd keys="enter" className="ms-2" />
        {words.open}
        <Kbd keys="space" className="ms-2" />
        {words.pause.toLowerCase()}
      </span>
    </div>
  );
}
