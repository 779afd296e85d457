/** Why the stream does not run, and what to do about it; nothing while it runs. */
import { useSyncExternalStore } from "react";
import { clock } from "@/lib/clock";
import { Button, Callout } from "@/ui";
import type { LiveList, View } from "./live-list";
import { whyText, words } from "./words";

export function Notice({ list, view }: { list: LiveList; view: View }) {
  const { stream } = view;
  if (stream.kind === "ended") {
    return (
      <Callout tone="bad" title={whyText(stream.why)} className="mx-4 mb-2">
        <span className="flex flex-wrap items-center justify-between gap-2">
          <span>{detailOf(stream.problem)}</span>
          <Button size="sm" onClick={() => list.retry()}>
            {words.retry}
          </Button>
        </span>
      </Callout>
    );
  }
  if (stream.kind === "reconnecting" && stream.at !== undefined) {
    return (
      <Callout tone="warn" className="mx-4 mb-2">
        <span className="flex flex-wrap items-center justify-between gap-2">
          <span>
            {whyText(stream.why)} {words.again} <Until at={stream.at} />
          </span>
          <Button size="sm" onClick={() => list.retry()}>
            {words.retry}
          </Button>
        </span>
      </Callout>
    );
  }
  return null;
}

function Until({ at }: { at: number }) {
  const now = useSyncExternalStore(clock.subscribe, () => Math.floor(clock.now() / 1_000));
  const seconds = Math.ceil(at / 1_000) - now;
  return seconds > 1 ? <span className="tabular-nums">({seconds} s)</span> : null;
}

function detailOf(problem: unknown): string {
  const detail =
    typeof problem === "object" && problem !== null && "detail" in problem ? problem.detail : undefined;
  return typeof detail === "string" ? detail : "";
}
